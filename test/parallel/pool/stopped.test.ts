/** A call that runs can be stopped: its worker is ended, and only that call is lost. */
import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { CancelledError, Pool, SharedCounter, timeout, TimeoutError } from '../../../runtime/index.ts';

/** Without an end, for 0; any other number is returned. */
const spinForZero = (n: number): number => {
  while (n === 0);
  return n;
};
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

for (const kind of ['threads', 'processes'] as const) {
  describe(`a call of a Pool of ${kind} that does not end`, () => {
    const rejects = async (future: PromiseLike<unknown>, error: RegExp | Function): Promise<void> =>
      assert.rejects(async () => await future, error as RegExp);

    it('fails after its timeout, and the next one runs in another worker', async () => {
      await using pool = new Pool({ size: 1, kind, name: 'spins' });
      await rejects(
        pool.apply(spinForZero, [0], { timeout: 20 }),
        /spinForZero\(\) ran in pool "spins" for longer than 20 ms/,
      );
      await rejects(pool.apply(spinForZero, [0], { timeout: 20 }), TimeoutError);
      assert.equal(await pool.apply(spinForZero, [7]), 7);
    });

    it('fails after the timeout of its pool, and only for longer than its own', async () => {
      await using pool = new Pool({ size: 1, kind, timeout: 20 });
      await rejects(pool.apply(spinForZero, [0]), TimeoutError);
      await rejects(pool.map(spinForZero, [1, 2, 0, 3], { chunkSize: 1 }), TimeoutError);
      const results = pool.imap(spinForZero, [5, 0, 6]);
      assert.deepEqual(await results.next(), { done: false, value: 5 });
      await rejects(results.next(), TimeoutError);
      assert.deepEqual(await results.next(), { done: false, value: 6 });
      const waits = (ms: number): Promise<number> =>
        new Promise((resolve) => setTimeout(() => resolve(ms), ms));
      assert.equal(await pool.apply(waits, [60], { timeout: 60_000 }), 60);
      assert.equal(await pool.apply(waits, [61], { timeout: Infinity }), 61);
    });

    it('is given neither a new start nor a second end after its timeout', async () => {
      await using pool = new Pool({ size: 1, kind });
      const before = pool.apply(spinForZero, [0], { timeout: 20, retries: 3 });
      await rejects(before, TimeoutError);
      assert.equal(await pool.apply(spinForZero, [7], { timeout: 60_000 }), 7);
    });

    it('takes no other with it: those before are answered, those behind go to another worker', async () => {
      await using pool = new Pool({ size: 1, kind });
      // The pool learns that it is a quick call, and puts many into one message.
      for (let i = 0; i < 20; i++) await pool.apply(spinForZero, [1]);
      const calls = upTo(60).map((i) =>
        pool.apply(spinForZero, [i === 30 ? 0 : i + 1], { timeout: i === 30 ? 20 : 60_000 }),
      );
      const outcomes = await Promise.all(
        calls.map(async (call) => {
          try {
            return await call;
          } catch (error) {
            return (error as Error).name;
          }
        }),
      );
      assert.deepEqual(
        outcomes,
        upTo(60).map((i) => (i === 30 ? 'TimeoutError' : i + 1)),
      );
    });

    it('ends with its worker when it is cancelled, by the future, a timeout or a signal', async () => {
      await using pool = new Pool({ size: 1, kind });
      assert.equal(await pool.apply(spinForZero, [6]), 6);
      const cancelled = pool.apply(spinForZero, [0]);
      await rejects(timeout(50, cancelled), TimeoutError);
      await rejects(cancelled, CancelledError);
      assert.equal(await pool.apply(spinForZero, [7]), 7);
      const controller = new AbortController();
      const aborted = pool.apply(spinForZero, [0], { signal: controller.signal });
      setTimeout(() => controller.abort(new Error('enough')), 50);
      await rejects(aborted, /enough/);
      assert.equal(await pool.apply(spinForZero, [8]), 8);
      const mapped = pool.map(spinForZero, [1, 0, 0, 2], { chunkSize: 1 });
      await rejects(timeout(50, mapped), TimeoutError);
      assert.deepEqual(await pool.map(spinForZero, [1, 2, 3]), [1, 2, 3]);
    });

    it('ends with its worker when it was cancelled before it began there', async () => {
      await using pool = new Pool({ size: 1, kind });
      const spin = (ms: number): number => {
        const untilMs = performance.now() + ms;
        while (performance.now() < untilMs);
        return ms;
      };
      for (let i = 0; i < 20; i++) await pool.apply(spin, [0]);
      // Both are sent to the worker at once.
      const first = pool.apply(spin, [50]);
      const second = pool.apply(spin, [Infinity]);
      await Promise.resolve();
      second.cancel();
      assert.equal(await first, 50);
      assert.equal(await pool.apply(spin, [1]), 1);
    });

    it('lets a closed pool end', async () => {
      const pool = new Pool({ size: 1, kind });
      const stopped = pool.apply(spinForZero, [0], { timeout: 20 });
      const after = pool.apply(spinForZero, [5]);
      pool.close();
      await rejects(stopped, TimeoutError);
      assert.equal(await after, 5);
      await pool.join();
    });
  });
}

describe('a call of a Pool', () => {
  it('goes on unheard with `abandonOnCancel`, in the same worker', async () => {
    await using pool = new Pool({ size: 1 });
    const words = new Int32Array(new SharedArrayBuffer(4));
    const began = new SharedCounter();
    const block = (memory: Int32Array, counter: SharedCounter): number => {
      counter.add();
      Atomics.wait(memory, 0, 0);
      return ((globalThis as { blocked?: number }).blocked = 1);
    };
    const late = pool.apply(block, [words, began], { timeout: 10, abandonOnCancel: true });
    await assert.rejects(async () => await late, TimeoutError);
    const cancelled = pool.apply(block, [words, began], { abandonOnCancel: true });
    cancelled.cancel();
    assert.equal(began.value, 1);
    Atomics.store(words, 0, 1);
    Atomics.notify(words, 0);
    assert.equal(await pool.apply(() => (globalThis as { blocked?: number }).blocked, []), 1);
    assert.equal(began.value, 1);
  });

  it('refuses a wrong limit, naming it', async () => {
    await using pool = new Pool({ size: 1 });
    const call = (options: object) => () => pool.apply(spinForZero, [1], options);
    assert.throws(
      call({ timeout: -1 }),
      /timeout of pool.apply\(\) must be a number of ms from 0 up, not -1/,
    );
    assert.throws(call({ timeout: '5' }), /timeout of pool.apply\(\) must be a number of ms/);
    assert.throws(call({ abandonOnCancel: 1 }), /abandonOnCancel of pool.apply\(\) must be true or false/);
    assert.throws(() => new Pool({ timeout: NaN }), /timeout of Pool must be a number of ms/);
    assert.throws(() => pool.imap(spinForZero, [1], { timeout: -1 }), /timeout of pool.imap\(\)/);
  });
});
