// Four workers share forty items: so many at once are meant.
import { setTimeout as delay } from 'node:timers/promises';

const items = Array.from({ length: 40 }, (_, id) => id);
async function load(id: number): Promise<number> {
  await delay(10);
  return id;
}
async function worker(mine: readonly number[]): Promise<number> {
  let sum = 0;
  for (const id of mine) sum += await load(id);
  return sum;
}
const parts = [0, 1, 2, 3].map((part) => items.filter((id) => id % 4 === part));
const sums = await Promise.all(parts.map(worker));
console.log(sums.reduce((a, b) => a + b));
