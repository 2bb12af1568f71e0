import { setTimeout as sleep } from 'node:timers/promises';

function busy(ms) {
  for (const end = performance.now() + ms; performance.now() < end;);
}

async function render(id) {
  await sleep(30);
  busy(15);
  return id;
}

const pages = await Promise.all([0, 1, 2, 3, 4, 5].map(render));
console.log(pages.length);
