import { setTimeout as sleep } from 'node:timers/promises';

async function connect() {
  await sleep(50);
}

await connect();
await connect();
console.log('up');
