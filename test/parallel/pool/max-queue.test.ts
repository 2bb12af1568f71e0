/** How many calls may wait for a worker, and what becomes of others. */
import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { CancelledError, Pool, QueueFull, SharedLock } from '../../../runtime/index.ts';
import * as functions from '../worker-functions.ts';

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** Waits in its worker until the lock is free. */
const holdUp = (lock: SharedLock): number => {
  lock.acquireSync();
  lock.release();
  return 1;
};

describe('maxQueue of a Pool', () => {
  it('lets so many calls wait beyond its workers, and fails the next with QueueFull', async () => {
    for (const concurrency of [1, 2]) {
      await using pool = new Pool({ size: 1, maxQueue: 2, concurrency, name: 'busy' });
      const gate = new SharedLock();
      gate.acquireSync();
      const taken = Array.from({ length: concurrency + 2 }, () => pool.apply(holdUp, [gate]));
      const refused = pool.apply(functions.square, [3]);
      await assert.rejects(
        async () => await refused,
        new QueueFull(
          'pool "busy" is full: as many calls wait for a worker as its maxQueue allows (2); map() and imap() wait for room',
        ),
      );
      gate.release();
      assert.deepEqual(await Promise.all(taken), Array(concurrency + 2).fill(1));
      assert.equal(await pool.apply(functions.square, [3]), 9);
    }
  });

  it('of 0 lets nothing wait', async () => {
    await using pool = new Pool({ size: 2, maxQueue: 0 });
    const both = [pool.apply(functions.square, [1]), pool.apply(functions.square, [2])];
    await assert.rejects(async () => await pool.apply(functions.square, [3]), QueueFull);
    assert.deepEqual(await Promise.all(both), [1, 4]);
    assert.equal(await pool.apply(functions.square, [3]), 9);
  });

  it('counts no call that was cancelled while it waited', async () => {
    await using pool = new Pool({ size: 1, maxQueue: 2 });
    const gate = new SharedLock();
    gate.acquireSync();
    const first = pool.apply(holdUp, [gate]);
    const waiting = [pool.apply(functions.square, [1]), pool.apply(functions.square, [2])];
    waiting[1]!.cancel();
    const next = pool.apply(functions.square, [3]);
    gate.release();
    await assert.rejects(async () => await waiting[1], CancelledError);
    assert.deepEqual(await Promise.all([first, waiting[0], next]), [1, 1, 9]);
  });

  it('lets map and imap wait for room, several side by side', async () => {
    for (const maxQueue of [0, 3]) {
      await using pool = new Pool({ size: 2, maxQueue });
      const imap = async (items: Iterable<number> | AsyncIterable<number>): Promise<number[]> => {
        const results: number[] = [];
        for await (const result of pool.imap(functions.square, items)) results.push(result);
        return results;
      };
      async function* later(): AsyncGenerator<number, void, undefined> {
        yield* upTo(50);
      }
      const all = await Promise.all([
        pool.map(functions.square, upTo(50), { chunkSize: 1 }),
        pool.map(functions.square, upTo(50), { chunkSize: 3 }),
        imap(upTo(50)),
        imap(later()),
      ]);
      for (const results of all) assert.deepEqual(results, upTo(50).map(functions.square));
      assert.ok(pool.stats().queuedCalls === 0);
    }
  });

  it('lets a map that waits for room go on when its pool is closed, and fail when it is terminated', async () => {
    const pool = new Pool({ size: 1, maxQueue: 0 });
    const mapped = pool.map(functions.square, upTo(20), { chunkSize: 1 });
    pool.close();
    assert.deepEqual(await mapped, upTo(20).map(functions.square));
    await pool.join();

    const other = new Pool({ size: 1, maxQueue: 0 });
    const lost = [
      other.map(functions.square, upTo(20), { chunkSize: 1 }),
      other.map(functions.square, upTo(20), { chunkSize: 1 }),
    ];
    other.terminate();
    for (const each of lost) await assert.rejects(async () => await each, /was terminated/);
    await other.join();
  });

  it('is refused when it is no number of calls', () => {
    assert.throws(() => new Pool({ maxQueue: -1 }), /whole number from 0 up for maxQueue, not -1/);
    assert.throws(() => new Pool({ maxQueue: 1.5 }), RangeError);
  });
});
