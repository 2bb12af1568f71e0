// A table is exported page by page; who asked for it goes away.
import { setTimeout as sleep } from 'node:timers/promises';

let read = 0;

async function readPage(): Promise<number> {
  await sleep(60);
  read += 500;
  return 500;
}

async function exportTable(pages: number, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  let rows = 0;
  for (let page = 0; page < pages; page++) {
    if (signal.aborted) break;
    rows += await readPage();
  }
  return signal.aborted ? 0 : rows;
}

const leaving = new AbortController();
setTimeout(() => leaving.abort(), 150);
const rows = await exportTable(15, leaving.signal);
console.log('read', read, 'kept', rows);
