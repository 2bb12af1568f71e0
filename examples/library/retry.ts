/**
 * Three tasks draw random numbers until each has one above its threshold.
 *
 * Look for the tries: numbered tasks inside the task that retries. Seeded: every run is the same.
 */
import { gather, random, retry, run } from 'simul';

function* makeRandom(task: number, threshold: number) {
  const draw = random(task);
  let tries = 0;
  const value = yield* retry(() => Math.floor(draw() * 11), {
    until: (drawn) => {
      tries++;
      return drawn > threshold;
    },
    delay: 10,
    times: Infinity,
  });
  return `task ${task}: ${value} is above ${threshold} after ${tries} tries`;
}

const lines = await run(
  () => gather([() => makeRandom(1, 9), () => makeRandom(2, 8), () => makeRandom(3, 6)]),
  { clock: 'virtual' },
);
for (const line of lines) console.log(line);
