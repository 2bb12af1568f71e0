// gain: together 9
import { setTimeout as sleep } from 'node:timers/promises';

async function step(ms) {
  await sleep(ms);
}

async function left() {
  for (let i = 0; i < 10; i++) await step(20);
}

async function right() {
  await step(120);
}

await Promise.all([left(), right()]);
console.log('both');
