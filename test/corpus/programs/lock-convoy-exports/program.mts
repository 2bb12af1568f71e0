// Exports of several departments, each run under the same mutex.
import { Mutex } from 'async-mutex';
import { setTimeout as delay } from 'node:timers/promises';

const exporting = new Mutex();
async function render(page: number): Promise<string> {
  await delay(14);
  return `page ${page}`;
}
async function department(pages: number): Promise<string[]> {
  const all: string[] = [];
  for (let page = 0; page < pages; page++) all.push(await exporting.runExclusive(() => render(page)));
  return all;
}
const all = await Promise.all([5, 4, 5, 4, 5, 4].map((pages) => department(pages)));
console.log(all.flat().length);
