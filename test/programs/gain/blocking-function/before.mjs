// gain: free 8
import { setTimeout as sleep } from 'node:timers/promises';

function busy(ms) {
  for (const end = performance.now() + ms; performance.now() < end;);
}

async function digest() {
  busy(220);
}

async function save() {
  await sleep(60);
}

const saving = save();
await digest();
await saving;
console.log('saved');
