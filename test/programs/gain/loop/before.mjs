// gain: together 11
import { setTimeout as sleep } from 'node:timers/promises';

async function load(id) {
  await sleep(30);
  return id;
}

const ids = [1, 2, 3, 4, 5, 6, 7, 8];
const found = [];
for (const id of ids) found.push(await load(id));
console.log(found.length);
