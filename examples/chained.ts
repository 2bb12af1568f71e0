/**
 * Chains of coroutines: the second part of each chain needs the result of the first, and the chains
 * run side by side.
 *
 * What to look for: within a chain the parts follow each other (`part2` begins when `part1` has
 * ended); the chains overlap. The program takes as long as the longest chain, not as long as all of
 * them together.
 */
import { setTimeout as sleep } from 'node:timers/promises';

async function part1(n: number): Promise<string> {
  await sleep(n * 15);
  return `result${n}-1`;
}

async function part2(n: number, from: string): Promise<string> {
  await sleep(n * 10);
  return `result${n}-2 derived from ${from}`;
}

async function chain(n: number): Promise<string> {
  const first = await part1(n);
  const second = await part2(n, first);
  return `chain ${n}: ${second}`;
}

async function main(): Promise<void> {
  for (const line of await Promise.all([chain(3), chain(1), chain(2)])) console.log(line);
}

await main();
