// The first mirror that answers wins; the others send on.
import { setTimeout as sleep } from 'node:timers/promises';

async function load(mirror) {
  const parts = [];
  for (let part = 0; part < 10; part++) {
    await sleep(15 * mirror);
    parts.push(part);
  }
  return `mirror ${mirror}: ${parts.length} parts`;
}

async function fastest(mirrors) {
  const first = await Promise.race(mirrors.map(load));
  return first;
}

console.log(await fastest([1, 3, 5]));
