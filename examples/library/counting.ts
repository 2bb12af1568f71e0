/**
 * Counting to three, three times: one after another, then all at once.
 *
 * Look for the same nine waits, first in a row, then side by side: a third of the time.
 */
import { gather, now, run, sleep } from 'simul';

function* count(name: string) {
  for (let n = 1; n <= 3; n++) {
    yield* sleep(10);
    console.log(`${name}: ${n}`);
  }
}

await run(
  function* main() {
    const start = now();
    yield* count('serial 1');
    yield* count('serial 2');
    yield* count('serial 3');
    const middle = now();
    yield* gather([() => count('together 1'), () => count('together 2'), () => count('together 3')]);
    console.log(`serial ${middle - start} ms, together ${now() - middle} ms`);
  },
  { clock: 'virtual' },
);
