/**
 * Four threads add to one counter and to one number that only a lock protects. A fifth thread
 * fails, and main gets its error.
 *
 * What to look for: a lane for each thread, which thread holds the lock and which wait for it, and
 * the failure that reaches main as it was thrown.
 */
import { isMain, run, SharedCounter, SharedLock, Thread } from 'simul';

export function add(counter: SharedCounter, lock: SharedLock, sum: Int32Array, times: number): void {
  for (let i = 0; i < times; i++) {
    counter.add(1);
    lock.acquireSync();
    sum[0]! += 1;
    lock.release();
  }
}

export function fail(): never {
  throw new RangeError('the fifth thread gives up');
}

if (isMain) {
  await run(async function main() {
    const counter = new SharedCounter();
    const lock = new SharedLock({ name: 'sum' });
    const sum = new Int32Array(new SharedArrayBuffer(4));
    const threads = [1, 2, 3, 4].map(
      (n) => new Thread(add, { args: [counter, lock, sum, 1000], name: `adder ${n}` }),
    );
    for (const thread of threads) thread.start();
    for (const thread of threads) await thread.join();
    console.log(`counted ${counter.value}, summed ${sum[0]}`);

    const fifth = new Thread(fail, { name: 'fifth' });
    fifth.start();
    try {
      await fifth.join();
    } catch (error) {
      console.log(`${(error as Error).name}: ${(error as Error).message}`);
    }
  });
}
