import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { now, run, sleep, spawn } from '../../../runtime/index.ts';

const virtual = { clock: 'virtual' } as const;
const loopTurn = (): Promise<void> => new Promise((done) => void setImmediate(done));

describe('sleep', () => {
  it('ends in the order of deadlines, and of calls where those are the same', async () => {
    const woken: string[] = [];
    await run(function* () {
      const tasks = [30, 10, 20, 10, 30].map((ms, index) =>
        spawn(function* () {
          yield* sleep(ms);
          woken.push(`${index} at ${now()}`);
        }),
      );
      for (const task of tasks) yield* task;
    }, virtual);
    assert.deepEqual(woken, ['1 at 10', '3 at 10', '2 at 20', '0 at 30', '4 at 30']);
  });

  it('ends in order however many sleeps there are, with cancelled ones among them', async () => {
    const woken: number[] = [];
    await run(function* () {
      // A fixed permutation of 0…996: 997 is a prime.
      const tasks = Array.from({ length: 997 }, (_, index) => {
        const ms = ((index * 421) % 997) + 1;
        return spawn(function* () {
          yield* sleep(ms);
          woken.push(ms);
        });
      });
      yield;
      for (let index = 0; index < tasks.length; index += 3) tasks[index]!.cancel();
      for (const task of tasks) yield task.catch(() => {});
    }, virtual);
    assert.equal(woken.length, 664);
    assert.deepEqual(
      woken,
      woken.toSorted((a, b) => a - b),
    );
  });

  it('gives its second argument', async () => {
    assert.equal(await run(() => sleep(5, 'rested'), virtual), 'rested');
    assert.equal(await run(() => sleep(0, 'rested')), 'rested');
  });

  it('of 0 ms lets all ready tasks go first, and takes no time', async () => {
    const order: string[] = [];
    await run(function* () {
      const other = spawn(function* () {
        order.push('other');
      });
      yield* sleep(0);
      order.push(`main at ${now()}`);
      yield* other;
    }, virtual);
    assert.deepEqual(order, ['other', 'main at 0']);
  });

  it('on the real clock takes its time and no timer longer than needed', async () => {
    const started = performance.now();
    await run(function* () {
      const long = spawn(function* () {
        yield* sleep(100_000);
      });
      yield* sleep(5);
      long.cancel();
      yield* sleep(5);
    });
    const took = performance.now() - started;
    assert.ok(took >= 10 && took < 5000, `took ${took} ms`);
  });

  it('refuses at the call what is no number of ms', () => {
    for (const ms of [-1, NaN, '5', undefined] as number[]) {
      assert.throws(
        () => sleep(ms),
        new RangeError(
          `sleep() needs a number of ms from 0 up, not ${typeof ms === 'string' ? `"${ms as string}"` : ms}`,
        ),
      );
    }
  });
});

describe('the virtual clock', () => {
  it('begins at 0 and lets days pass in no time', async () => {
    const started = performance.now();
    const shown = await run(function* () {
      const times = [now()];
      yield* sleep(12 * 3_600_000);
      times.push(now());
      yield* sleep(0.5);
      times.push(now());
      return times;
    }, virtual);
    assert.deepEqual(shown, [0, 43_200_000, 43_200_000.5]);
    assert.ok(performance.now() - started < 5000);
  });

  it('is the same for async functions, also through other async functions and Promise.all', async () => {
    const shown = await run(async () => {
      const nap = async (ms: number): Promise<number> => {
        await sleep(ms);
        return now();
      };
      const first = await nap(1000);
      await Promise.resolve();
      const [second, third] = await Promise.all([nap(500), nap(700)]);
      return [first, second, third, now()];
    }, virtual);
    assert.deepEqual(shown, [1000, 1500, 1700, 1700]);
  });

  it('stands still while a coroutine waits outside the library', async () => {
    const shown = await run(function* () {
      let other = -1;
      const sleeper = spawn(function* () {
        yield* sleep(10);
        other = now();
      });
      for (let turn = 0; turn < 5; turn++) {
        yield loopTurn();
        assert.equal(other, -1);
      }
      assert.equal(now(), 0);
      yield* sleeper;
      return other;
    }, virtual);
    assert.equal(shown, 10);
  });

  it('stands still while an async function waits outside the library, and goes on when that ends', async () => {
    const shown = await run(async () => {
      let other = -1;
      const sleeper = spawn(async () => {
        await sleep(10);
        other = now();
      });
      for (let turn = 0; turn < 5; turn++) await loopTurn();
      assert.equal(other, -1);
      await sleep(3);
      assert.equal(now(), 3);
      await sleeper;
      return other;
    }, virtual);
    assert.equal(shown, 10);
  });

  it('goes on when a wait outside the library is given up', async () => {
    const shown = await run(function* () {
      const stuck = spawn(function* () {
        yield new Promise<void>(() => {});
      });
      yield;
      stuck.cancel();
      yield* sleep(10);
      return now();
    }, virtual);
    assert.equal(shown, 10);
  });

  it('is the real one again after the run', async () => {
    await run(() => sleep(1_000_000), virtual);
    const before = now();
    assert.ok(before < 1_000_000);
    await run(() => sleep(2));
    assert.ok(now() > before);
  });
});
