/**
 * A generator driven by hand: it keeps the mean of the readings that it is sent. Another one makes
 * the readings, and a third passes on what two of them make. Generators are hot, so they are traced
 * only on request: `simul trace --generators examples/generators.ts`.
 *
 * What to look for: each `next` is one run of the generator, by whoever called it and with the type
 * of what it was sent; each `yield` is a rest, with the type of what was given. A reading that
 * failed is thrown into `mean`, which goes on. `return` closes it, as `break` closes the loop's
 * generator: the `finally` runs, and the row ends as closed.
 */
import { setTimeout as sleep } from 'node:timers/promises';

class Reading {
  readonly celsius: number;
  constructor(celsius: number) {
    this.celsius = celsius;
  }
}

function* sensor(...degrees: readonly number[]): Generator<Reading, number> {
  for (const celsius of degrees) yield new Reading(celsius);
  return degrees.length;
}

function* sensors(): Generator<Reading> {
  const count = yield* sensor(19, 23);
  console.log(`the first sensor gave ${count} readings`);
  yield* sensor(30, 31, 32);
}

function* mean(): Generator<number, void, Reading> {
  let sum = 0;
  let count = 0;
  try {
    for (;;) {
      try {
        const reading = yield count === 0 ? 0 : sum / count;
        sum += reading.celsius;
        count++;
      } catch (error) {
        console.log(`left out: ${String(error)}`);
      }
    }
  } finally {
    console.log(`closed after ${count} readings`);
  }
}

async function measure(): Promise<void> {
  const average = mean();
  average.next();
  for (const reading of sensors()) {
    console.log(`mean ${average.next(reading).value}`);
    if (reading.celsius >= 30) break;
    await sleep(20);
  }
  average.throw(new RangeError('the sensor is wet'));
  average.return();
}

await measure();
