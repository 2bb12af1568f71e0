import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { allTasks, collect, map, now, Queue, retry, run, sleep } from '../../../runtime/index.ts';

const virtually = <T>(main: () => Promise<T>): Promise<T> => run(main, { clock: 'virtual' });

describe('map with concurrency', () => {
  it('calls so many side by side, at most, and gives results in the order of the values', async () => {
    await virtually(async () => {
      let most = 0;
      let running = 0;
      const work = async (ms: number, index: number): Promise<string> => {
        most = Math.max(most, ++running);
        await sleep(ms);
        running--;
        return `${index}: ${ms}`;
      };
      const results = await collect(map([30, 10, 20, 10], work, { concurrency: 2 }));
      assert.deepEqual(results, ['0: 30', '1: 10', '2: 20', '3: 10']);
      assert.deepEqual([most, now()], [2, 40]);
    });
  });

  it('takes coroutines, and a source that comes slowly', async () => {
    await virtually(async () => {
      async function* source(): AsyncGenerator<number> {
        for (const value of [1, 2, 3]) {
          await sleep(10);
          yield value;
        }
      }
      const double = function* (value: number) {
        yield* sleep(15);
        return value * 2;
      };
      const at: string[] = [];
      for await (const value of map(source(), double, { concurrency: 5 })) at.push(`${value} at ${now()}`);
      assert.deepEqual(at, ['2 at 25', '4 at 35', '6 at 45']);
    });
  });

  it('reads the source no further ahead, and takes nothing more when the loop is left', async () => {
    await virtually(async () => {
      const queue = new Queue<number>();
      for (const value of [1, 2, 3, 4, 5]) queue.putNow(value);
      for await (const value of map(queue, async (each) => sleep(1, each), { concurrency: 2 })) {
        assert.equal(value, 1);
        break;
      }
      await sleep(10);
      assert.deepEqual(allTasks().length, 1);
      assert.equal(queue.size, 3);
    });
  });

  it('ends with the first call that fails, when the others have cleaned up', async () => {
    await virtually(async () => {
      const ends: number[] = [];
      const work = async (value: number): Promise<void> => {
        try {
          await sleep(value === 1 ? 5 : 1000);
          if (value === 1) throw new Error('bad');
        } finally {
          ends.push(value);
        }
      };
      await assert.rejects(collect(map([0, 1, 2], work, { concurrency: 3 })), /bad/).catch(() => {});
      assert.deepEqual(ends, [1, 0, 2]);
    });
  });

  it('is refused with a number that is none', () => {
    assert.throws(
      () => map([1], String, { concurrency: 0 }),
      /^RangeError: the concurrency of map\(\) must be/,
    );
    assert.throws(() => map([1], String, { limit: 2 } as never), /^TypeError: map\(\) has no option "limit"/);
  });
});

describe('the jitter of retry', () => {
  it('draws a part of each delay, the same with the same seed', async () => {
    const delays = (jitter: number, seed: number): Promise<number> =>
      run(
        async () => {
          await retry(async (attempt) => assert.equal(attempt, 4), { times: 4, delay: 100, jitter });
          return now();
        },
        { clock: 'virtual', seed },
      );
    assert.equal(await delays(0, 1), 300);
    const drawn = await delays(0.5, 1);
    assert.ok(drawn >= 150 && drawn < 300, String(drawn));
    assert.equal(await delays(0.5, 1), drawn);
    assert.notEqual(await delays(0.5, 2), drawn);
    assert.throws(
      () => retry(() => 1, { jitter: 2 }),
      /^RangeError: the jitter of retry\(\) must be a number from 0 to 1/,
    );
  });
});
