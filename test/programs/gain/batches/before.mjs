// gain: together 11
import { setTimeout as sleep } from 'node:timers/promises';

async function load(id) {
  await sleep(20 + 10 * (id % 3));
  return id;
}

let count = 0;
for (let first = 0; first < 12; first += 3) {
  const batch = await Promise.all([first, first + 1, first + 2].map(load));
  count += batch.length;
}
console.log(count);
