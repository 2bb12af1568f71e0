import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import {
  CancelledError,
  gather,
  KeyedRateLimiter,
  KeyedSemaphore,
  Lock,
  now,
  type Permit,
  RateLimiter,
  ReadWriteLock,
  run,
  Semaphore,
  sleep,
  spawn,
  wait,
} from '../../runtime/index.ts';

const virtually = <T>(main: () => Promise<T>): Promise<T> => run(main, { clock: 'virtual' });

describe('tryAcquire', () => {
  it('gives a permit where there is one and nobody waits, else null', async () => {
    await virtually(async () => {
      const lock = new Lock();
      const held = lock.tryAcquire();
      assert.ok(held !== null && lock.isLocked);
      assert.equal(lock.tryAcquire(), null);
      const waiter = lock.acquire();
      held.release();
      // It went to the one that waited.
      assert.equal(lock.tryAcquire(), null);
      (await waiter).release();
      assert.equal(lock.isLocked, false);
      const tables = new Semaphore(3);
      assert.ok(tables.tryAcquire({ permits: 3 }) !== null);
      assert.equal(tables.available, 0);
    });
  });
});

describe('Several permits at once', () => {
  it('are waited for in the order of asking, so that the turn of a large one comes', async () => {
    await virtually(async () => {
      const tables = new Semaphore(3);
      const order: string[] = [];
      const guest = (name: string, permits: number) => async () => {
        using held = await tables.acquire({ permits });
        order.push(`${name} in`);
        assert.equal(held.permits, permits);
        await sleep(10);
      };
      await gather([guest('two', 2), guest('three', 3), guest('one', 1)]);
      assert.deepEqual(order, ['two in', 'three in', 'one in']);
      await tables.with(async () => assert.equal(tables.available, 1), { permits: 2, name: 'pair' });
      assert.equal(tables.available, 3);
    });
  });

  it('let those behind go when the one that waits for many gives up', async () => {
    await virtually(async () => {
      const tables = new Semaphore(2);
      const first = await tables.acquire();
      const large = spawn(async () => tables.acquire({ permits: 2 }));
      await sleep(0);
      const small = tables.acquire();
      assert.equal(small.isDone, false);
      large.cancel();
      (await small).release();
      first.release();
      await wait([large]);
      assert.equal(tables.available, 2);
    });
  });

  it('are refused where there never are so many', () => {
    const tables = new Semaphore(2, { name: 'tables' });
    for (const permits of [0, 3, 1.5, '1'])
      assert.throws(
        () => tables.acquire({ permits: permits as number }),
        /^RangeError: semaphore "tables" has 2 permits in all; acquire\(\) needs a whole number of them from 1 up/,
      );
    assert.throws(
      () => tables.acquire({ permit: 1 } as never),
      /^TypeError: acquire\(\) has no option "permit"/,
    );
  });

  it('are never more than there are, and all come back, whoever is cancelled', async () => {
    const asker = fc.record({
      permits: fc.integer({ min: 1, max: 4 }),
      atMs: fc.integer({ min: 0, max: 6 }),
      forMs: fc.integer({ min: 0, max: 4 }),
      cancelAtMs: fc.integer({ min: 0, max: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(asker, { maxLength: 12 }), fc.integer(), async (askers, seed) => {
        await run(
          async () => {
            const pool = new Semaphore(4);
            let held = 0;
            const tasks = askers.map(({ permits, atMs, forMs }) =>
              spawn(async () => {
                await sleep(atMs);
                using permit: Permit = await pool.acquire({ permits });
                held += permit.permits;
                // Others may have been given theirs and not run yet.
                assert.ok(held <= 4 && pool.available <= 4 - held);
                try {
                  await sleep(forMs);
                } finally {
                  held -= permit.permits;
                }
              }),
            );
            const killers = askers.map(({ cancelAtMs }, at) => async () => {
              await sleep(cancelAtMs);
              tasks[at]!.cancel();
            });
            await gather(killers);
            for (const end of await gather(tasks, { returnErrors: true }))
              if (end instanceof Error && !(end instanceof CancelledError)) throw end;
            assert.deepEqual([held, pool.available], [0, 4]);
          },
          { clock: 'virtual', seed },
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe('ReadWriteLock', () => {
  it('is shared by readers and held alone by a writer, in the order of asking', async () => {
    await virtually(async () => {
      const menu = new ReadWriteLock({ name: 'menu' });
      const log: string[] = [];
      const act = (name: string) => async () => {
        log.push(`${name} begins`);
        await sleep(10);
        log.push(`${name} ends`);
      };
      await gather([
        menu.read.with(act('r1')),
        menu.read.with(act('r2')),
        menu.write.with(act('w')),
        menu.read.with(act('r3')),
      ]);
      assert.deepEqual(log, [
        'r1 begins',
        'r2 begins',
        'r1 ends',
        'r2 ends',
        'w begins',
        'w ends',
        'r3 begins',
        'r3 ends',
      ]);
      using reader = menu.read.tryAcquire();
      assert.ok(reader !== null);
      assert.equal(menu.write.tryAcquire(), null);
    });
  });

  it('refuses a number of readers that is none', () => {
    assert.throws(
      () => new ReadWriteLock({ maxReaders: 0 }),
      /^RangeError: the maxReaders of a read-write lock/,
    );
  });
});

describe('KeyedSemaphore', () => {
  it('limits each key alone, and forgets keys that nobody has', async () => {
    await virtually(async () => {
      const hosts = new KeyedSemaphore<string>(1, { name: 'hosts' });
      const begun: string[] = [];
      const call = (host: string) => async () => {
        using permit = await hosts.acquire(host);
        assert.ok(permit.isHeld);
        begun.push(`${host} at ${now()}`);
        await sleep(10);
      };
      await gather([call('a'), call('a'), call('b')]);
      assert.deepEqual(begun, ['a at 0', 'b at 0', 'a at 10']);
      assert.equal(hosts.size, 0);
      const held = await hosts.acquire('a');
      const waits = spawn(async () => hosts.acquire('a'));
      await sleep(0);
      assert.equal(hosts.tryAcquire('a'), null);
      waits.cancel();
      await wait([waits]);
      held.release();
      assert.equal(hosts.size, 0);
    });
  });
});

describe('RateLimiter', () => {
  it('lets at most so many begin in any stretch of time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 20 }),
        async (limit, pauses) => {
          await virtually(async () => {
            const limiter = new RateLimiter(limit, { per: 100 });
            const starts: number[] = [];
            for (const ms of pauses) {
              await sleep(ms);
              await limiter.acquire();
              starts.push(now());
            }
            for (const [at, startMs] of starts.entries()) {
              const before = starts[at - limit];
              assert.ok(before === undefined || startMs - before >= 100, String(starts));
            }
          });
        },
      ),
      { numRuns: 100 },
    );
  });

  it('lets them begin in the order of asking, as early as that may be', async () => {
    await virtually(async () => {
      const limiter = new RateLimiter(2, { per: 100, name: 'calls' });
      const begun: string[] = [];
      const call = (name: string) => async () => {
        await limiter.acquire();
        begun.push(`${name} at ${now()}`);
      };
      const all = gather(['a', 'b', 'c', 'd', 'e'].map(call));
      await sleep(1);
      assert.deepEqual([limiter.waiting, limiter.tryAcquire()], [3, false]);
      await all;
      assert.deepEqual(begun, ['a at 0', 'b at 0', 'c at 100', 'd at 100', 'e at 200']);
      await sleep(100);
      assert.deepEqual(
        [limiter.tryAcquire(), limiter.tryAcquire(), limiter.tryAcquire()],
        [true, true, false],
      );
    });
  });

  it('forgets one that gives up while it waits', async () => {
    await virtually(async () => {
      const limiter = new RateLimiter(1, { per: 100 });
      await limiter.acquire();
      const waits = spawn(async () => limiter.acquire());
      await sleep(10);
      waits.cancel();
      await wait([waits]);
      await limiter.acquire();
      assert.equal(now(), 100);
    });
  });
});

describe('KeyedRateLimiter', () => {
  it('lets so many of each key begin in any stretch of time, in the order of asking', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 60 })), {
          maxLength: 40,
        }),
        fc.integer({ min: 1, max: 3 }),
        async (asked, limit) => {
          await virtually(async () => {
            const limiter = new KeyedRateLimiter<string>(limit, { per: 100, name: 'calls' });
            const starts = new Map<string, number[]>();
            await gather(
              asked.map(([key, atMs]) => async () => {
                await sleep(atMs);
                await limiter.acquire(key);
                starts.set(key, [...(starts.get(key) ?? []), now()]);
              }),
            );
            for (const times of starts.values())
              for (let at = limit; at < times.length; at++)
                assert.ok(times[at]! - times[at - limit]! >= 100, `${times.join()} of ${limit}`);
            // As soon as it may: the first of each key did not wait.
            for (const [key, times] of starts)
              assert.equal(times[0], Math.min(...asked.filter(([of]) => of === key).map(([, ms]) => ms)));
            await sleep(101);
            assert.equal(limiter.size, 0);
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('forgets keys that count no more, and none that somebody waits for', async () => {
    await virtually(async () => {
      const limiter = new KeyedRateLimiter<number>(1, { per: 10 });
      const waiting = [0, 1].flatMap((key) => Array.from({ length: 20 }, () => limiter.acquire(key)));
      for (let key = 2; key < 1000; key++) {
        assert.equal(limiter.tryAcquire(key), true);
        assert.equal(limiter.tryAcquire(key), false);
        if (key % 10 === 0) await sleep(10);
      }
      await sleep(1000);
      assert.ok(waiting.every((turn) => turn.isDone));
      assert.equal(limiter.size, 0);
    });
  });

  it('refuses what is no limit', () => {
    assert.throws(() => new KeyedRateLimiter(0), /a whole number from 1 up, not 0/);
    assert.throws(() => new KeyedRateLimiter(1, { per: 0 }), RangeError);
    assert.throws(
      () => new KeyedRateLimiter(1, { perr: 3 } as never),
      /a keyed rate limiter has no option "perr"/,
    );
  });
});
