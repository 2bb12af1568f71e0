// Saves a form and says how many rows there are.
import { setTimeout as delay } from 'node:timers/promises';

const rows: string[] = [];
async function save(row: string): Promise<void> {
  await delay(20);
  rows.push(row);
}
async function submit(form: readonly string[]): Promise<number> {
  await Promise.all(form.map(save));
  return rows.length;
}
console.log(await submit(['a', 'b', 'c']));
await delay(60);
