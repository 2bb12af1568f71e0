import { setTimeout as sleep } from 'node:timers/promises';

function busy(ms) {
  for (const end = performance.now() + ms; performance.now() < end;);
}

async function fetchRow(id) {
  await sleep(40);
  return id;
}

let rows = 0;
for (const row of await Promise.all([0, 1, 2, 3, 4].map(fetchRow))) {
  busy(12);
  rows += row;
}
console.log(rows);
