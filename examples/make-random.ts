/**
 * Three tasks draw random numbers until each has one above its threshold: a retry loop.
 *
 * What to look for: each task waits as often as it tries. The task with the highest threshold tries
 * longest, and at the end the `Promise.all` in `main` waits for it alone. The generator is seeded,
 * so every run prints the same.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** A small seeded generator (mulberry32); each task has its own, so their order does not matter. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function makeRandom(task: number, threshold: number): Promise<string> {
  const random = generator(task);
  let tries = 1;
  let value = Math.floor(random() * 11);
  while (value <= threshold) {
    await sleep(10);
    value = Math.floor(random() * 11);
    tries++;
  }
  return `task ${task}: ${value} is above ${threshold} after ${tries} tries`;
}

async function main(): Promise<void> {
  const lines = await Promise.all([makeRandom(1, 9), makeRandom(2, 8), makeRandom(3, 6)]);
  for (const line of lines) console.log(line);
}

await main();
