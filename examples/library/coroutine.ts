/**
 * A bare coroutine, driven by hand: it keeps a running mean of the values that it is sent.
 *
 * What to look for: each `send` is one run of the coroutine and each `yield` one wait; `close` runs
 * its clean-up.
 */
import { coroutine } from 'simul';

function* mean(): Generator<number, void, number> {
  let sum = 0;
  let count = 0;
  try {
    for (;;) {
      sum += yield count === 0 ? 0 : sum / count;
      count++;
    }
  } finally {
    console.log(`closed after ${count} values`);
  }
}

const averager = coroutine(mean, { prime: true });
for (const value of [10, 30, 5]) console.log(averager.send(value));
averager.close();
