import { setTimeout as sleep } from 'node:timers/promises';

async function head(id) {
  await sleep(20);
  return { id };
}

async function body({ id }) {
  await sleep(15 + 5 * id);
  return id;
}

const each = [1, 2, 3, 4, 5].map(async (id) => body(await head(id)));
console.log((await Promise.all(each)).reduce((sum, n) => sum + n, 0));
