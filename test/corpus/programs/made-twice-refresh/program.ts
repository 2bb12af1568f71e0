// Readers refresh a list when it is too old; the source refuses more than one at a time.
import { setTimeout as sleep } from 'node:timers/promises';

let list: string[] = [];
let oldness = 1;
let isBusy = false;

async function download(): Promise<string[]> {
  if (isBusy) throw new Error('429 too many requests');
  isBusy = true;
  await sleep(60);
  isBusy = false;
  return ['lamp', 'chair'];
}

async function refresh(): Promise<void> {
  const fresh = await download();
  list = fresh;
  oldness = 0;
}

async function find(name: string): Promise<boolean> {
  if (oldness > 0) await refresh();
  return list.includes(name);
}

const found = await Promise.allSettled(['lamp', 'table', 'chair'].map(find));
console.log(found.map((each) => (each.status === 'fulfilled' ? each.value : String(each.reason))));
