// The faster of two mirrors answers; the other one ends a little later.
import { setTimeout as delay } from 'node:timers/promises';

async function near(name) {
  await delay(40);
  return `near ${name}`;
}

async function far(name) {
  await delay(70);
  return `far ${name}`;
}

const got = [];
for (const name of ['a', 'b', 'c', 'd', 'e']) got.push(await Promise.race([near(name), far(name)]));
console.log(got.join(' '));
