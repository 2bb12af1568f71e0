// Complains at length about each record, then gives up.
interface Item {
  id: number;
  note: string;
}
const items: Item[] = Array.from({ length: 4000 }, (_, id) => ({ id, note: 'n'.repeat(1000) }));

async function check(item: Item): Promise<boolean> {
  process.stderr.write(`item ${item.id} is not known: ${item.note}\n`);
  return false;
}

const results = await Promise.all(items.map(check));
if (results.includes(false)) process.exitCode = 1;
