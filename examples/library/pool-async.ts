/**
 * The asynchronous calls of a pool: callbacks come in the order of completion, results in the order
 * of input.
 *
 * What to look for: submit, run and callback as one chain, also for the call that fails.
 */
import { gather, isMain, Pool, run, SharedCounter } from 'simul';

export function wait(ms: number): Promise<number> {
  return new Promise((done) => setTimeout(() => done(ms), ms));
}

/** Takes 300 ms, and longer where the other worker was slow to start: until it is released. */
export async function waitForRelease(released: SharedCounter): Promise<number> {
  await wait(300);
  while (released.value === 0) await wait(1);
  return 300;
}

export function fails(): never {
  throw new Error('no such luck');
}

if (isMain) {
  await run(async function main() {
    const pool = new Pool({ size: 2, name: 'waiters' });
    const called: number[] = [];
    const released = new SharedCounter();
    const slow = pool.applyAsync(waitForRelease, [released], { callback: (ms) => void called.push(ms) });
    const quick = pool.applyAsync(wait, [1], {
      callback: (ms) => {
        called.push(ms);
        released.add(1);
      },
    });
    console.log('results:', (await gather([slow, quick])).join(' '));
    console.log('callbacks:', called.join(' '));

    const failed = pool.applyAsync(fails, [], {
      errorCallback: (error) => console.log('error callback:', (error as Error).message),
    });
    await failed.catch((error: unknown) => console.log('result:', (error as Error).message));

    console.log('mapAsync:', (await pool.mapAsync(wait, [3, 2, 1])).join(' '));
    console.log('starmapAsync:', (await pool.starmapAsync(wait, [[2], [1]])).join(' '));
    pool.close();
    await pool.join();
  });
}
