// Each department has a mutex of its own.
import { Mutex } from 'async-mutex';
import { setTimeout as delay } from 'node:timers/promises';

async function render(page: number): Promise<string> {
  await delay(14);
  return `page ${page}`;
}
async function department(pages: number): Promise<string[]> {
  const exporting = new Mutex();
  const all: string[] = [];
  for (let page = 0; page < pages; page++) all.push(await exporting.runExclusive(() => render(page)));
  return all;
}
const all = await Promise.all([5, 4, 5, 4, 5, 4].map((pages) => department(pages)));
console.log(all.flat().length);
