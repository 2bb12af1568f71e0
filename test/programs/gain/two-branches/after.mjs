import { setTimeout as sleep } from 'node:timers/promises';

async function step(ms) {
  await sleep(ms);
}

async function left() {
  await Promise.all(Array.from({ length: 10 }, () => step(20)));
}

async function right() {
  await step(120);
}

await Promise.all([left(), right()]);
console.log('both');
