import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import {
  gather,
  LifoQueue,
  PriorityQueue,
  Queue,
  QueueClosed,
  QueueEmpty,
  QueueFull,
  run,
  shield,
  sleep,
  spawn,
} from '../../runtime/index.ts';

/** Waits until all steps of async functions have run: they are microtasks of Node's. */
const loopTurn = (): Promise<void> => new Promise((done) => void setImmediate(done));

describe('Queue', () => {
  it('hands items on in the order of putting, and lets putters in in the order of asking', async () => {
    const got: number[] = [];
    await run(function* () {
      const queue = new Queue<number>({ capacity: 2 });
      const putters = [1, 2, 3, 4, 5].map((n) =>
        spawn(function* () {
          yield* queue.put(n);
        }),
      );
      yield* sleep(0);
      assert.equal(queue.isFull, true);
      for (let i = 0; i < 5; i++) got.push(yield* queue.get());
      for (const putter of putters) yield* putter;
    });
    assert.deepEqual(got, [1, 2, 3, 4, 5]);
  });

  it('gives an item to the next getter when the one it was handed to is cancelled', async () => {
    await run(function* () {
      const queue = new Queue<string>();
      const got: string[] = [];
      const getter = (name: string) =>
        spawn(function* () {
          got.push(`${name} ${yield* queue.get()}`);
        });
      const first = getter('first');
      const second = getter('second');
      yield* sleep(0);
      queue.putNow('a');
      first.cancel();
      yield* second;
      assert.deepEqual(got, ['second a']);
      assert.equal(first.state, 'cancelled');
      assert.equal(queue.size, 0);
    });
  });

  for (const kind of ['a coroutine', 'an async function'] as const) {
    it(`puts items back to the front, in their order, when ${kind} is cancelled before it could take them`, async () => {
      await run(function* () {
        const queue = new Queue<number>();
        const getters = [0, 1].map(() =>
          kind === 'a coroutine'
            ? spawn(function* () {
                yield* queue.get();
              })
            : spawn(async () => {
                await queue.get();
              }),
        );
        yield* sleep(0);
        for (const n of [1, 2, 3]) queue.putNow(n);
        for (const getter of getters) getter.cancel();
        yield loopTurn();
        assert.deepEqual([queue.getNow(), queue.getNow(), queue.getNow()], [1, 2, 3]);
      });
    });
  }

  it('keeps no getter of an async function that was cancelled while it ran', async () => {
    await run(function* () {
      const queue = new Queue<number>();
      const task = spawn(async () => {
        task.cancel();
        await queue.get();
      });
      yield* sleep(0);
      yield loopTurn();
      queue.putNow(1);
      assert.equal(queue.size, 1);
      assert.equal(task.state, 'cancelled');
    });
  });

  it('refuses at once what it has no room for, no item for, or is closed to', () => {
    const queue = new Queue<number>({ capacity: 1, name: 'orders' });
    assert.throws(
      () => queue.getNow(),
      new QueueEmpty('queue "orders" is empty; getNow() needs an item in it'),
    );
    queue.putNow(1);
    assert.throws(
      () => queue.putNow(2),
      new QueueFull('queue "orders" is full (1 of 1); putNow() needs room in it'),
    );
    queue.close();
    assert.throws(
      () => void queue.put(2),
      new QueueClosed('queue "orders" is closed; put() needs an open queue'),
    );
    assert.equal(queue.getNow(), 1);
    assert.throws(
      () => queue.getNow(),
      new QueueClosed('queue "orders" is closed and nothing is left in it'),
    );
    assert.throws(() => new Queue({ capacity: -1 }), /whole number from 1 up.*not -1/);
  });

  it('ends the waits when it is closed, and loops when it is empty', async () => {
    await run(async () => {
      const queue = new Queue<number>({ capacity: 1 });
      await queue.put(1);
      const late = queue.put(2);
      queue.close();
      await assert.rejects(async () => await late, QueueClosed);
      const got: number[] = [];
      for await (const item of queue) got.push(item);
      assert.deepEqual(got, [1]);
      const empty = new Queue<number>();
      const get = empty.get();
      const next = empty.next();
      empty.close();
      await assert.rejects(async () => await get, QueueClosed);
      assert.deepEqual(await next, { done: true, value: undefined });
    });
  });

  it('keeps an item that one task took when another is cancelled, also after a shield left', async () => {
    const left = await run(function* () {
      const queue = new Queue<string>();
      const get = queue.get();
      shield(get).cancel();
      const takers = [0, 1].map(() =>
        spawn(function* () {
          return yield* get;
        }),
      );
      yield* sleep(0);
      queue.putNow('soup');
      takers[0]!.cancel();
      yield* gather(takers, { returnErrors: true });
      return queue.size;
    });
    assert.equal(left, 0);
  });

  it('is iterated by coroutines with each()', async () => {
    await run(function* () {
      const queue = new Queue<number>();
      const got: number[] = [];
      queue.putNow(1);
      queue.putNow(2);
      queue.close();
      yield* queue.each(function* (item) {
        yield* sleep(0);
        got.push(item);
      });
      assert.deepEqual(got, [1, 2]);
    });
  });

  it('is joined when every item is done, and refuses taskDone beyond that', async () => {
    await run(function* () {
      const queue = new Queue<number>();
      yield* queue.join();
      queue.putNow(1);
      const joined = queue.join();
      assert.equal(joined.isDone, false);
      queue.getNow();
      queue.taskDone();
      assert.equal(joined.isDone, true);
      assert.throws(() => queue.taskDone(), RangeError);
    });
  });
});

describe('PriorityQueue and LifoQueue', () => {
  it('give the least priority first, of equals the earliest; or the latest item first', () => {
    const jobs = new PriorityQueue<string>({ priority: (job) => job.length });
    for (const job of ['ccc', 'a', 'bb', 'b']) jobs.putNow(job);
    jobs.putNow('zero', 0);
    assert.deepEqual(
      [1, 2, 3, 4, 5].map(() => jobs.getNow()),
      ['zero', 'a', 'b', 'bb', 'ccc'],
    );
    assert.throws(
      () => void new PriorityQueue<string>().put('x'),
      /needs a number for its priority, not "x"/,
    );
    const stack = new LifoQueue<number>();
    for (const n of [1, 2, 3]) stack.putNow(n);
    assert.deepEqual(
      [1, 2, 3].map(() => stack.getNow()),
      [3, 2, 1],
    );
  });
});
