/**
 * The same work twice: three counters one after the other, then all three at once.
 *
 * What to look for: serially, each `count` begins when the one before it has ended, and the program
 * takes the sum of their pauses. Interleaved, the three rows overlap: while one waits for its
 * timer, another has the thread. The work is the same, the waiting is shared. The `Promise.all`
 * waits for the slowest.
 */
import { setTimeout as sleep } from 'node:timers/promises';

async function count(name: string, pauseMs: number): Promise<string> {
  for (let i = 1; i <= 3; i++) {
    console.log(`${name}: ${i}`);
    await sleep(pauseMs);
  }
  return name;
}

async function serial(): Promise<void> {
  for (const name of ['one', 'two', 'three']) await count(name, 20);
}

async function interleaved(): Promise<void> {
  const names = await Promise.all([count('one', 40), count('two', 40), count('three', 40)]);
  console.log(`all of ${names.join(', ')}`);
}

console.log('one after the other');
await serial();
console.log('all at once');
await interleaved();
