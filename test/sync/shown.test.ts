/** What `console.log` shows of queues, locks and their like: what matters now. */
import { strict as assert } from 'node:assert';
import { inspect } from 'node:util';
import { describe, it } from 'mocha';
import {
  Barrier,
  Condition,
  Event,
  KeyedRateLimiter,
  KeyedSemaphore,
  LifoQueue,
  Lock,
  Pool,
  PriorityQueue,
  Queue,
  RateLimiter,
  ReadWriteLock,
  run,
  Semaphore,
  spawn,
  Thread,
  Topic,
} from '../../runtime/index.ts';

describe('console.log', () => {
  it('shows the items of a queue and who waits at it', async () => {
    await run(async () => {
      const orders = new Queue<string>({ capacity: 2, name: 'orders' });
      assert.equal(inspect(orders), 'Queue "orders" (0 of 2 items)');
      const got = orders.get();
      assert.equal(inspect(orders), 'Queue "orders" (0 of 2 items, 1 waits for an item)');
      for (const order of ['a', 'b', 'c', 'd', 'e']) void orders.put(order);
      assert.equal(inspect({ orders }), '{ orders: Queue "orders" (2 of 2 items, 2 wait to put) }');
      await got;
      const waste = [new LifoQueue(), new PriorityQueue(), new Queue()];
      waste[2]!.putNow(1);
      waste[2]!.close();
      assert.deepEqual(
        waste.map((queue) => inspect(queue)),
        ['LifoQueue (0 items)', 'PriorityQueue (0 items)', 'Queue (1 item, closed)'],
      );
    });
  });

  it('shows who has a lock, and how many permits are left', async () => {
    await run(async function main() {
      const lock = new Lock({ name: 'till' });
      assert.equal(inspect(lock), 'Lock "till" (free)');
      const permit = await lock.acquire();
      const second = lock.acquire();
      assert.equal(inspect(lock), 'Lock "till" (held by task "main", 1 waits)');
      assert.equal(inspect(permit), 'Permit of lock "till" (held)');
      permit.release();
      assert.equal(inspect(permit), 'Permit of lock "till" (released)');
      (await second).release();
      const tables = new Semaphore(3);
      const [one] = [await tables.acquire(), tables.acquire(), tables.acquire(), tables.acquire()];
      assert.equal(inspect(tables), 'Semaphore (0 of 3 permits left, 1 waits)');
      one.release();
      const menu = new ReadWriteLock({ name: 'menu' });
      assert.equal(inspect(menu), 'ReadWriteLock "menu" (free)');
      const read = await menu.read.acquire();
      const write = menu.write.acquire();
      assert.equal(inspect(menu), 'ReadWriteLock "menu" (1 reads, 1 waits)');
      read.release();
      await write;
      assert.equal(inspect(menu), 'ReadWriteLock "menu" (written)');
      assert.equal(inspect(menu.read), 'LockSide of read-write lock "menu"');
    });
  });

  it('shows the state of the others', async () => {
    await run(async () => {
      const open = new Event({ name: 'open' });
      const waits = open.wait();
      assert.equal(inspect(open), 'Event "open" (not set, 1 waits)');
      open.set();
      assert.equal(inspect(open), 'Event "open" (set)');
      await waits;
      assert.equal(inspect(new Barrier(2)), 'Barrier (0 of 2 wait)');
      assert.equal(inspect(new Condition()), 'Condition (nobody waits, its lock is free)');
      assert.equal(inspect(new RateLimiter(3)), 'RateLimiter (3 per 1000 ms)');
      const news = new Topic({ name: 'news' });
      const subscription = news.subscribe();
      await news.publish(1);
      assert.equal(inspect([news, subscription]), '[ Topic "news" (1 subscribed), Subscription (1 value) ]');
      const hosts = new KeyedSemaphore<string>(2);
      await hosts.acquire('a');
      assert.equal(inspect(hosts), 'KeyedSemaphore (2 of each key, 1 key in use)');
      const calls = new KeyedRateLimiter<string>(2);
      calls.tryAcquire('a');
      assert.equal(inspect(calls), 'KeyedRateLimiter (2 per 1000 ms of each key, 1 key in use)');
    });
  });

  it('shows the workers and calls of a pool, and whether a thread runs', async () => {
    const pool = new Pool({ size: 2, name: 'squares' });
    const called = pool.apply(() => 1);
    assert.equal(inspect(pool), 'Pool "squares" (2 of 2 threads, 1 call)');
    await called;
    pool.terminate();
    assert.match(inspect(pool), /^Pool "squares" \(\d of 2 threads, no call, terminated\)$/);
    await pool.join();
    const thread = new Thread(() => 1, { name: 'one' });
    assert.equal(inspect(thread), 'Thread "one" (not started)');
    thread.start();
    assert.equal(inspect(thread), 'Thread "one" (running)');
    await thread.join();
    assert.equal(inspect(thread), 'Thread "one" (ended, exit code 0)');
  });

  it('and messages quote a name that has quotes itself with others', async () => {
    await run(async () => {
      const orders = new Queue({ name: 'the "good" ones' });
      orders.close();
      assert.throws(() => orders.put(1), /^QueueClosed: queue 'the "good" ones' is closed/);
      const lock = new Lock({ name: 'till' });
      const held = lock.with(() => 1);
      assert.equal(inspect(held), `Task 'with lock "till"' (ready)`);
      const both = spawn(() => 1, { name: `"it's"\n` });
      assert.equal(inspect(both), String.raw`Task "\"it's\"\n" (ready)`);
      await held;
      await both;
    });
  });
});
