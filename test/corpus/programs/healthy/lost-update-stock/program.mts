// Orders come at once; what is left of each thing stands in a file.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const folder = await mkdtemp(join(tmpdir(), 'stock-'));
const file = join(folder, 'stock.json');

async function load(): Promise<Record<string, number>> {
  return JSON.parse(await readFile(file, 'utf8'));
}

async function reserve(thing: string, days: number): Promise<void> {
  await sleep(days * 20);
  const stock = await load();
  stock[thing]! -= 1;
  await writeFile(file, JSON.stringify(stock));
}

await writeFile(file, JSON.stringify({ lamp: 5 }));
await Promise.all([1, 2, 3, 4].map((days) => reserve('lamp', days)));
console.log('lamps left:', (await load()).lamp);
await rm(folder, { recursive: true });
