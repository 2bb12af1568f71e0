/**
 * Streams of numbers, mapped, filtered and merged: iteration that waits between its steps.
 *
 * What to look for: the two sources run interleaved, never at the same time. Each step is a switch
 * of the task that iterates.
 */
import { collect, filter, map, merge, run, sleep } from 'simul';

async function* ticks(name: string, everyMs: number, times: number): AsyncGenerator<string> {
  for (let n = 1; n <= times; n++) {
    await sleep(everyMs);
    yield `${name}${n}`;
  }
}

await run(
  async function main() {
    const odd = filter(ticks('a', 10, 5), (tick) => Number(tick.slice(1)) % 2 === 1);
    const upper = map(ticks('b', 15, 3), (tick) => tick.toUpperCase());
    console.log((await collect(merge([odd, upper]))).join(' '));
  },
  { clock: 'virtual' },
);
