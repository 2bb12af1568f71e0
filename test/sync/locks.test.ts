import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import {
  Barrier,
  BrokenBarrier,
  Condition,
  Event,
  Lock,
  NotHeld,
  run,
  Semaphore,
  sleep,
  spawn,
} from '../../runtime/index.ts';

describe('Lock', () => {
  it('is acquired in the order of asking, and released at the end of the block', async () => {
    const order: number[] = [];
    await run(function* () {
      const lock = new Lock();
      const tasks = [1, 2, 3].map((n) =>
        spawn(function* () {
          using _held = yield* lock.acquire();
          yield* sleep(0);
          order.push(n);
        }),
      );
      for (const task of tasks) yield* task;
      assert.equal(lock.isLocked, false);
    });
    assert.deepEqual(order, [1, 2, 3]);
  });

  it('goes to the next task when the one it was handed to is cancelled before it ran', async () => {
    await run(function* () {
      const lock = new Lock();
      yield* lock.acquire();
      const take = () =>
        spawn(function* () {
          yield* lock.acquire();
        });
      const first = take();
      const second = take();
      yield* sleep(0);
      lock.release();
      assert.equal(lock.holder, first);
      first.cancel();
      yield* second;
      assert.equal(lock.holder, second);
    });
  });

  it('is released only by its holder, which the refusal names', async () => {
    await run(function* main() {
      const lock = new Lock({ name: 'db' });
      assert.throws(
        () => lock.release(),
        new NotHeld('lock "db" is held by nobody; release() needs its holder'),
      );
      yield* spawn(function* writer() {
        yield* lock.acquire();
      });
      assert.throws(
        () => lock.release(),
        new NotHeld('lock "db" is held by task "writer"; release() was called by task "main"'),
      );
    });
  });

  it('is held while a function runs, and released when that fails', async () => {
    await run(async () => {
      const lock = new Lock();
      assert.equal(await lock.with(async () => lock.isLocked), true);
      const error = new Error('no');
      await assert.rejects(
        async () =>
          await lock.with(function* () {
            throw error;
          }),
        error,
      );
      assert.equal(lock.isLocked, false);
    });
  });
});

describe('Lock.with', () => {
  for (const [kind, wait] of [
    [
      'a coroutine',
      (condition: Condition) =>
        condition.lock.with(function* () {
          yield* condition.wait();
        }),
    ],
    [
      'an async function',
      (condition: Condition) =>
        condition.lock.with(async () => {
          await condition.wait();
        }),
    ],
  ] as const) {
    it(`makes the task of ${kind} the holder, which can wait for a condition on the lock`, async () => {
      await run(async () => {
        const condition = new Condition();
        const waiting = wait(condition);
        await sleep(1);
        assert.equal(condition.lock.isLocked, false);
        await condition.lock.with(function* () {
          condition.notify();
        });
        await waiting;
        assert.equal(condition.lock.isLocked, false);
      });
    });
  }
});

describe('Semaphore, Event, Barrier', () => {
  it('a semaphore refuses a release too many', async () => {
    await run(function* () {
      const two = new Semaphore(2);
      yield* two.acquire();
      using _held = yield* two.acquire();
      assert.equal(two.isLocked, true);
      two.release();
      assert.equal(two.available, 1);
      two.release();
      assert.throws(() => two.release(), RangeError);
    });
  });

  it('an event wakes all waiting tasks, and later ones do not wait', async () => {
    await run(function* () {
      const event = new Event();
      const waits = [event.wait(), event.wait()];
      event.set();
      assert.deepEqual(
        waits.map((wait) => wait.isDone),
        [true, true],
      );
      assert.equal(event.wait().isDone, true);
      event.clear();
      assert.equal(event.wait().isDone, false);
    });
  });

  it('a barrier gives each task a number, and fails the waits when it breaks', async () => {
    await run(async () => {
      const barrier = new Barrier(2);
      const first = barrier.wait();
      assert.deepEqual([await barrier.wait(), await first], [1, 0]);
      const alone = barrier.wait();
      barrier.abort();
      await assert.rejects(async () => await alone, BrokenBarrier);
      await assert.rejects(async () => await barrier.wait(), BrokenBarrier);
      barrier.reset();
      assert.equal(barrier.isBroken, false);
    });
  });
});

describe('Condition', () => {
  it('has the lock again when its wait ends, also when it was cancelled', async () => {
    const holders: string[] = [];
    await run(function* () {
      const condition = new Condition();
      const waiter = spawn(function* sleeper() {
        using _held = yield* condition.acquire();
        try {
          yield* condition.wait();
        } finally {
          holders.push(condition.lock.holder?.name ?? 'nobody');
        }
      });
      yield* sleep(0);
      const held = yield* condition.acquire();
      waiter.cancel();
      yield* sleep(0);
      assert.deepEqual(holders, []);
      held.release();
      yield* sleep(0);
      assert.deepEqual(holders, ['sleeper']);
      assert.equal(condition.lock.isLocked, false);
      assert.throws(() => condition.notify(), NotHeld);
    });
  });

  it('waits for a predicate, and passes on a notification that a cancelled task will not use', async () => {
    await run(function* () {
      const condition = new Condition();
      let stock = 0;
      const taker = () =>
        spawn(function* () {
          using _held = yield* condition.acquire();
          yield* condition.waitFor(() => stock > 0);
          stock--;
        });
      const [first, second] = [taker(), taker()];
      yield* sleep(0);
      {
        using _held = yield* condition.acquire();
        stock = 1;
        condition.notify();
        first.cancel();
      }
      yield* second;
      assert.equal(stock, 0);
      assert.equal(first.state, 'cancelled');
    });
  });
});
