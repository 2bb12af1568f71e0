// gain: together 15
import { setTimeout as sleep } from 'node:timers/promises';

function busy(ms) {
  for (const end = performance.now() + ms; performance.now() < end;);
}

async function fetchRow(id) {
  await sleep(40);
  return id;
}

let rows = 0;
for (let id = 0; id < 5; id++) {
  const row = await fetchRow(id);
  busy(12);
  rows += row;
}
console.log(rows);
