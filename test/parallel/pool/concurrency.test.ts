/** Several calls that wait are under way in one worker at once. */
import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { Pool, WorkerError } from '../../../runtime/index.ts';

/** Ends when so many calls of it are under way in its worker. */
const meet = async (count: number): Promise<number> => {
  const waiting = ((globalThis as { waiting?: (() => void)[] }).waiting ??= []);
  await new Promise<void>((resolve) => {
    if (waiting.push(resolve) === count) for (const go of waiting.splice(0)) go();
  });
  return count;
};

/** How many calls of it were under way in its worker when it ended. */
const countCalls = async (turns: number): Promise<number> => {
  const state = globalThis as { under?: number };
  state.under = (state.under ?? 0) + 1;
  for (let i = 0; i < turns; i++) await new Promise<void>((resolve) => void setImmediate(resolve));
  return state.under--;
};

/** Waits for ever, or ends its worker once so many others wait. */
const exitAmong = async (others: number, exits: boolean): Promise<string> => {
  const state = globalThis as { others?: number; go?: () => void };
  if (exits) {
    if ((state.others ?? 0) < others) await new Promise<void>((resolve) => (state.go = resolve));
    process.exit(3);
  }
  state.others = (state.others ?? 0) + 1;
  if (state.others === others) state.go?.();
  return await new Promise(() => setInterval(() => {}, 1000));
};

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

for (const kind of ['threads', 'processes'] as const) {
  describe(`a worker of ${kind} with a concurrency above 1`, () => {
    it('has so many calls under way at once', async () => {
      await using pool = new Pool({ size: 1, kind, concurrency: 3 });
      assert.deepEqual(await Promise.all(upTo(6).map(() => pool.apply(meet, [3]))), Array(6).fill(3));
      assert.deepEqual(await pool.map(meet, Array(6).fill(3), { chunkSize: 1 }), Array(6).fill(3));
    });

    it('has never more', async () => {
      await using pool = new Pool({ size: 1, kind, concurrency: 3 });
      const counts = await Promise.all(upTo(40).map((i) => pool.apply(countCalls, [i % 4])));
      assert.ok(Math.max(...counts) <= 3, String(counts));
      await using one = new Pool({ size: 1, kind });
      assert.deepEqual(await Promise.all(upTo(9).map(() => one.apply(countCalls, [2]))), Array(9).fill(1));
    });

    it('runs coroutines and functions that do not wait between them', async () => {
      await using pool = new Pool({ size: 1, kind, concurrency: 2 });
      const first = pool.apply(meet, [2]);
      assert.equal(await pool.apply((n: number) => n + 1, [4]), 5);
      const second = pool.apply(meet, [2]);
      assert.deepEqual([await first, await second], [2, 2]);
      const { slowly } = await import('../worker-functions.ts');
      assert.deepEqual(await Promise.all(upTo(5).map((n) => pool.apply(slowly, [n]))), upTo(5));
    });

    it('loses with itself what was under way there, and nothing that was not', async () => {
      await using pool = new Pool({ size: 1, kind, concurrency: 3 });
      const ends = async (call: PromiseLike<unknown>): Promise<unknown> => {
        try {
          return await call;
        } catch (error) {
          return error instanceof WorkerError ? 'lost' : error;
        }
      };
      const calls = [false, false, true].map((exits) => ends(pool.apply(exitAmong, [2, exits])));
      const behind = upTo(4).map((n) => ends(pool.apply((value: number) => value, [n])));
      assert.deepEqual(await Promise.all(calls), ['lost', 'lost', 'lost']);
      assert.deepEqual(await Promise.all(behind), upTo(4));
    });
  });
}

describe('a Pool with a concurrency above 1', () => {
  it('uses idle workers first, and says what was lost with a call that was stopped', async () => {
    await using pool = new Pool({ size: 2, concurrency: 2, name: 'both' });
    const arrived = new Int32Array(new SharedArrayBuffer(4));
    // It blocks its thread: the other call has to be in another.
    const arrive = (words: Int32Array): number => {
      Atomics.add(words, 0, 1);
      Atomics.notify(words, 0);
      Atomics.wait(words, 0, 1);
      return process.getBuiltinModule('node:worker_threads').threadId;
    };
    await Promise.all([pool.apply(arrive, [arrived]), pool.apply(arrive, [arrived])]);
    const thread = (): Promise<number> =>
      Promise.resolve(process.getBuiltinModule('node:worker_threads').threadId);
    const ids = await Promise.all([pool.apply(thread), pool.apply(thread)]);
    assert.notEqual(ids[0], ids[1]);
    await using one = new Pool({ size: 1, concurrency: 2, name: 'one' });
    const waits = one.apply(meet, [2]);
    const stopped = one.apply(() => new Promise<never>(() => setInterval(() => {}, 1000)), [], {
      timeout: 20,
    });
    await assert.rejects(async () => await stopped, /ran in pool "one" for longer than 20 ms/);
    await assert.rejects(
      async () => await waits,
      /a worker of pool "one" was ended, because another call in it was stopped, while it had meet\(\)/,
    );
    assert.equal(await one.apply((n: number) => n, [5]), 5);
  });

  it('refuses a concurrency that is no whole number from 1 up', () => {
    assert.throws(
      () => new Pool({ concurrency: 0 }),
      /Pool needs a whole number from 1 up for concurrency, not 0/,
    );
  });
});
