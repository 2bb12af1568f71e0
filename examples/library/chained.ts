/**
 * Chains of three steps each, side by side: a chain takes as long as its own steps, all chains
 * together as long as the longest.
 *
 * What to look for: main's wait is as long as the chain of 9 ms steps, and its path leads through
 * that chain alone.
 */
import { gather, run, sleep } from 'simul';

function* step(name: string, ms: number) {
  yield* sleep(ms);
  return `${name}>`;
}

function* chain(n: number) {
  const ms = n * 3;
  return (yield* step(`a${n}`, ms)) + (yield* step(`b${n}`, ms)) + (yield* step(`c${n}`, ms));
}

const chains = await run(() => gather([() => chain(1), () => chain(2), () => chain(3)]), {
  clock: 'virtual',
});
for (const text of chains) console.log(text);
