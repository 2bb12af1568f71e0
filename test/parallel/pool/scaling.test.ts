/** A pool has as many workers as its calls need, within its bounds, and counts what it does. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'mocha';
import { Pool, SharedCounter, timeout } from '../../../runtime/index.ts';

/** Blocks its thread until the memory's first word is not 0 any more. */
const block = (words: Int32Array, arrived: SharedCounter): number => {
  arrived.add();
  Atomics.wait(words, 0, 0);
  return process.getBuiltinModule('node:worker_threads').threadId;
};
const release = (words: Int32Array): void => {
  Atomics.store(words, 0, 1);
  Atomics.notify(words, 0);
};
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
/** Each turn of the event loop, until it holds. */
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise<void>((resolve) => void setImmediate(resolve));
};

for (const kind of ['threads', 'processes'] as const) {
  describe(`a Pool of ${kind} with a minSize`, () => {
    it('starts no worker beyond it before a call waits, and ends idle ones after idleTimeout', async () => {
      await using pool = new Pool({ size: 2, minSize: 0, idleTimeout: 20, kind });
      assert.equal(pool.stats().workers, 0);
      const waits = (ms: number): Promise<number> =>
        new Promise((resolve) => setTimeout(() => resolve(process.pid), ms));
      await Promise.all(upTo(4).map(() => pool.apply(waits, [5])));
      assert.equal(pool.stats().startedWorkers, 2);
      await until(() => pool.stats().workers === 0);
      assert.equal(typeof (await pool.apply(waits, [1])), 'number');
      assert.equal(pool.stats().startedWorkers, 3);
    });

    it('can be closed and joined, whatever workers it has', async () => {
      const unused = new Pool({ size: 2, minSize: 0, kind });
      unused.close();
      await unused.join();
      const used = new Pool({ size: 2, minSize: 0, kind });
      const last = used.map((n: number) => n + 1, upTo(20));
      used.close();
      await used.join();
      assert.deepEqual(
        await last,
        upTo(20).map((n) => n + 1),
      );
      const ended = new Pool({ size: 2, minSize: 0, kind });
      ended.terminate();
      await ended.join();
    });
  });
}

describe('a Pool', () => {
  it('has one worker for each call that waits, up to its size', async () => {
    await using pool = new Pool({ size: 3, minSize: 1 });
    assert.equal(pool.stats().workers, 1);
    const words = new Int32Array(new SharedArrayBuffer(4));
    const arrived = new SharedCounter();
    const calls = [pool.apply(block, [words, arrived])];
    await until(() => arrived.value === 1);
    assert.equal(pool.stats().workers, 1);
    calls.push(pool.apply(block, [words, arrived]));
    await until(() => arrived.value === 2);
    assert.equal(pool.stats().workers, 2);
    calls.push(...upTo(4).map(() => pool.apply(block, [words, arrived])));
    await until(() => arrived.value === 3);
    assert.deepEqual([pool.stats().workers, pool.stats().queuedCalls], [3, 3]);
    release(words);
    assert.equal(new Set(await Promise.all(calls)).size, 3);
  });

  it('keeps the workers of its minSize, however long they are idle', async () => {
    await using pool = new Pool({ size: 3, minSize: 1, idleTimeout: 0 });
    const words = new Int32Array(new SharedArrayBuffer(4));
    const arrived = new SharedCounter();
    const calls = upTo(3).map(() => pool.apply(block, [words, arrived]));
    await until(() => arrived.value === 3);
    release(words);
    await Promise.all(calls);
    await until(() => pool.stats().workers === 1);
    assert.equal(await pool.apply((n: number) => n, [1]), 1);
    assert.equal(pool.stats().startedWorkers, 3);
  });

  it('ends an idle worker, though its modules left something open', async () => {
    await using pool = new Pool({ size: 1, minSize: 0, idleTimeout: 0 });
    const leavesOpen = (): void => void setInterval(() => {}, 1000);
    await pool.apply(leavesOpen);
    await until(() => pool.stats().workers === 0);
  });

  it('keeps nothing alive while it is idle, its timer included', () => {
    const library = JSON.stringify(new URL('../../../runtime/index.js', import.meta.url).href);
    const program = `import(${library}).then(async ({ Pool }) => {
      const pool = new Pool({ size: 2, minSize: 1, idleTimeout: 3_600_000 });
      console.log(await pool.apply((n) => n + 1, [1]));
    });`;
    const output = execFileSync(process.execPath, ['-e', program], { encoding: 'utf8', timeout: 30_000 });
    assert.equal(output, '2\n');
  });

  it('counts its calls by their ends', async () => {
    await using pool = new Pool({ size: 1 });
    const words = new Int32Array(new SharedArrayBuffer(4));
    const arrived = new SharedCounter();
    const blocked = pool.apply(block, [words, arrived]);
    await until(() => arrived.value === 1);
    const cancelled = pool.apply(block, [words, arrived]);
    assert.deepEqual(pool.stats(), {
      workers: 1,
      idleWorkers: 0,
      startedWorkers: 1,
      queuedCalls: 1,
      assignedCalls: 1,
      doneCalls: 0,
      failedCalls: 0,
      lostCalls: 0,
      runMs: 0,
    });
    cancelled.cancel();
    release(words);
    await blocked;
    const fails = (): never => {
      throw new RangeError('no');
    };
    await assert.rejects(async () => await pool.apply(fails), RangeError);
    const spin = (): void => {
      for (;;);
    };
    await assert.rejects(async () => await timeout(30, pool.apply(spin)));
    assert.deepEqual(await pool.map((n: number) => n, [1, 2, 3, 4], { chunkSize: 2 }), [1, 2, 3, 4]);
    const { runMs, ...counts } = pool.stats();
    assert.ok(runMs > 0);
    assert.deepEqual(counts, {
      workers: 1,
      idleWorkers: 1,
      startedWorkers: 2,
      queuedCalls: 0,
      assignedCalls: 0,
      doneCalls: 3,
      failedCalls: 1,
      lostCalls: 2,
    });
  });

  it('gives a worker no more large arguments than it needs to go on', async () => {
    await using pool = new Pool({ size: 1 });
    const length = (bytes: Uint8Array): number => bytes.length;
    // The pool learns that it is a quick call, of which a worker may have hundreds.
    for (let i = 0; i < 20; i++) await pool.apply(length, [new Uint8Array(8)]);
    const large = upTo(20).map(() => pool.apply(length, [new Uint8Array(1 << 20)]));
    await Promise.resolve();
    assert.deepEqual([pool.stats().assignedCalls, pool.stats().queuedCalls], [2, 18]);
    assert.deepEqual(await Promise.all(large), Array(20).fill(1 << 20));
    // Where the machine was slow meanwhile, the pool learns again that it is a quick call.
    for (let assigned = 0; assigned < 20;) {
      const small = upTo(20).map(() => pool.apply(length, [new Uint8Array(8)]));
      await Promise.resolve();
      assigned = pool.stats().assignedCalls;
      await Promise.all(small);
    }
  });

  it('refuses bounds that do not fit', () => {
    assert.throws(() => new Pool({ minSize: -1 }), /whole number from 0 up for minSize, not -1/);
    assert.throws(() => new Pool({ size: 2, minSize: 3 }), /minSize of at most its size 2, not 3/);
    assert.throws(() => new Pool({ idleTimeout: -1 }), /idleTimeout of Pool must be a number of ms/);
  });
});
