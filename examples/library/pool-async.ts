/**
 * The asynchronous calls of a pool: callbacks come in the order of completion, results in the order
 * of input.
 *
 * What to look for: submit, run and callback as one chain, also for the call that fails.
 */
import { gather, isMain, Pool, run } from 'simul';

export function wait(ms: number): Promise<number> {
  return new Promise((done) => setTimeout(() => done(ms), ms));
}

export function fails(): never {
  throw new Error('no such luck');
}

if (isMain) {
  await run(async function main() {
    const pool = new Pool({ size: 2, name: 'waiters' });
    const called: number[] = [];
    const slow = pool.applyAsync(wait, [300], { callback: (ms) => void called.push(ms) });
    const quick = pool.applyAsync(wait, [1], { callback: (ms) => void called.push(ms) });
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
