// gain: together 16-17
import { setTimeout as sleep } from 'node:timers/promises';

async function head(id) {
  await sleep(20);
  return { id };
}

async function body({ id }) {
  await sleep(15 + 5 * id);
  return id;
}

let sum = 0;
for (const id of [1, 2, 3, 4, 5]) {
  const found = await head(id);
  sum += await body(found);
}
console.log(sum);
