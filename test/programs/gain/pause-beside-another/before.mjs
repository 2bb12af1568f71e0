// gain: free 5
import { setTimeout as sleep } from 'node:timers/promises';

async function slow() {
  await sleep(200);
  await sleep(30);
}

async function other() {
  await sleep(140);
}

await Promise.all([slow(), other()]);
console.log('done');
