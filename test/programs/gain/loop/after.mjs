import { setTimeout as sleep } from 'node:timers/promises';

async function load(id) {
  await sleep(30);
  return id;
}

const ids = [1, 2, 3, 4, 5, 6, 7, 8];
const found = await Promise.all(ids.map(load));
console.log(found.length);
