import { setTimeout as sleep } from 'node:timers/promises';

async function hog() {
  await sleep(10);
}

async function ticker() {
  for (let i = 0; i < 4; i++) await sleep(30);
}

await Promise.all([hog(), ticker()]);
console.log('ticked');
