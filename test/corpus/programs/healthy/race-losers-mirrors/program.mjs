// The first mirror that answers wins; the others are stopped, and what comes next takes longer.
import { setTimeout as sleep } from 'node:timers/promises';

async function load(mirror, signal) {
  const parts = [];
  for (let part = 0; part < 10; part++) {
    await sleep(15 * mirror, undefined, { signal });
    parts.push(part);
  }
  return `mirror ${mirror}: ${parts.length} parts`;
}

async function fastest(mirrors) {
  const others = new AbortController();
  try {
    return await Promise.race(mirrors.map((mirror) => load(mirror, others.signal)));
  } finally {
    others.abort();
  }
}

console.log(await fastest([1, 3, 5]));

// One that is meant to go on beside the rest.
async function beat() {
  for (let i = 0; i < 8; i++) await sleep(40);
}
await Promise.race([beat(), sleep(30)]);
for (let i = 0; i < 10; i++) await sleep(40);
