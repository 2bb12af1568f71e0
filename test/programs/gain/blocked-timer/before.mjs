// gain: free 8
import { setTimeout as sleep } from 'node:timers/promises';

function busy(ms) {
  for (const end = performance.now() + ms; performance.now() < end;);
}

async function hog() {
  await sleep(10);
  busy(200);
}

async function ticker() {
  for (let i = 0; i < 4; i++) await sleep(30);
}

await Promise.all([hog(), ticker()]);
console.log('ticked');
