import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { Process, SharedCounter, SharedLock, Thread } from '../../../runtime/index.ts';
import * as functions from '../worker-functions.ts';

describe('memory that threads share', () => {
  it('is counted and locked without losing an update', async () => {
    const counter = new SharedCounter(10);
    const lock = new SharedLock({ name: 'sum' });
    const sum = new Int32Array(new SharedArrayBuffer(4));
    const threads = [1, 2, 3].map(() =>
      new Thread(functions.addUp, { args: [counter, lock, sum, 500] }).start(),
    );
    for (let i = 0; i < 50; i++) {
      using _held = await lock.acquire();
      sum[0]! += 1;
    }
    for (const thread of threads) await thread.join();
    assert.equal(counter.value, 1510);
    assert.equal(sum[0], 1550);
    assert.equal(lock.isLocked, false);
  });

  it('cannot be sent to a process', () => {
    assert.throws(
      () => new Process(functions.addUp, { args: [new SharedCounter()] as never }),
      /argument 1 is a SharedCounter, which threads share/,
    );
  });

  it('keeps no thread alive for a wait that timed out, and names what it waited for', async () => {
    const lock = new SharedLock({ name: 'door' });
    await lock.acquire();
    const message = await new Thread(functions.stopsWaiting, { args: [lock] }).start().join();
    assert.match(message, /the wait for lock "door"/);
    lock.release();
    assert.equal(lock.acquireNow(), true);
  });

  it('has a lock that only its holder releases, and that never blocks the main thread', async () => {
    const lock = new SharedLock({ name: 'door' });
    assert.throws(() => lock.release(), /lock "door" is not held/);
    await lock.acquire();
    assert.throws(() => lock.acquireSync(), /must not block/);
    const waiting = lock.acquire();
    assert.equal(lock.acquireNow(), false);
    waiting.cancel();
    const next = lock.acquire();
    lock.release();
    (await next)[Symbol.dispose]();
    assert.equal(lock.isLocked, false);
  });
});
