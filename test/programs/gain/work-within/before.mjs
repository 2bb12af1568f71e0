// gain: together 15
import { setTimeout as sleep } from 'node:timers/promises';

function busy(ms) {
  for (const end = performance.now() + ms; performance.now() < end;);
}

async function render(id) {
  await sleep(30);
  busy(15);
  return id;
}

let pages = 0;
for (let id = 0; id < 6; id++) pages += await render(id);
console.log(pages);
