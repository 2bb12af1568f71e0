// gain: free 9
import { setTimeout as sleep } from 'node:timers/promises';

async function connect() {
  await sleep(50);
}

await connect();
await sleep(180);
await connect();
console.log('up');
