import { setTimeout as sleep } from 'node:timers/promises';

async function load(id) {
  await sleep(20 + 10 * (id % 3));
  return id;
}

const all = await Promise.all(Array.from({ length: 12 }, (_, id) => load(id)));
console.log(all.length);
