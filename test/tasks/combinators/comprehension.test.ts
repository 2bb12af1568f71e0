import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { CancelledError, collect, filter, map, run, sleep, spawn } from '../../../runtime/index.ts';
import { errorOf, virtually } from '../bodies.ts';

/** Yields 1, 2, … with so many ms before each, and logs its clean-up. */
async function* numbers(
  ms: number,
  last: number,
  notes: string[] = [],
): AsyncGenerator<number, void, undefined> {
  try {
    for (let n = 1; n <= last; n++) {
      await sleep(ms);
      yield n;
    }
  } finally {
    notes.push('the source has ended');
  }
}

describe('map, filter and collect', () => {
  it('take arrays, async iterables, and promises in arrays', async () => {
    await virtually(function* () {
      assert.deepEqual(yield* collect([1, Promise.resolve(2), sleep(1, 3)]), [1, 2, 3]);
      assert.deepEqual(yield* collect(numbers(1, 3)), [1, 2, 3]);
      assert.deepEqual(yield* collect(map([1, 2], (n, index) => n * 10 + index)), [10, 21]);
      assert.deepEqual(yield* collect(filter(numbers(1, 4), (n) => n % 2 === 0)), [2, 4]);
    });
  });

  it('call async functions and coroutines, one after another', async () => {
    await virtually(function* () {
      const tens = map(numbers(1, 2), async (n) => {
        await sleep(1);
        return n * 10;
      });
      const odd = filter(tens, function* (n) {
        yield* sleep(1);
        return n > 10;
      });
      const typed: number[] = yield* collect(odd);
      assert.deepEqual(typed, [20]);
    });
  });

  it('work in a `for await`, and end the source when the loop is left', async () => {
    const notes: string[] = [];
    await run(
      async () => {
        for await (const n of map(numbers(1, 9, notes), (each) => each + 1)) {
          assert.equal(n, 2);
          break;
        }
        notes.push('after the loop');
      },
      { clock: 'virtual' },
    );
    assert.deepEqual(notes, ['the source has ended', 'after the loop']);
  });

  it('end the source when a function throws, and fail with the very error', async () => {
    await virtually(function* () {
      const notes: string[] = [];
      const error = new Error('bad');
      const failing = map(numbers(1, 9, notes), () => {
        throw error;
      });
      assert.equal(yield* errorOf(collect(failing)), error);
      assert.deepEqual(notes, ['the source has ended']);
    });
  });

  it('cancel the source where it waits, at its first step and after later ones', async () => {
    for (const cancelMs of [5, 15, 25, 35]) {
      await virtually(function* () {
        const notes: string[] = [];
        const odd = filter(numbers(10, 1000, notes), (n) => n % 2 === 1);
        const task = spawn(() => collect(map(odd, (n) => n)));
        yield* sleep(cancelMs);
        task.cancel('enough');
        const error = yield* errorOf(task);
        assert.ok(error instanceof CancelledError && error.reason === 'enough', String(error));
        assert.deepEqual(notes, ['the source has ended'], `cancelled at ${cancelMs} ms`);
      });
    }
  });

  it('refuse what cannot be iterated', () => {
    assert.throws(
      () => collect(3 as never),
      new TypeError('collect() needs something to iterate, not number'),
    );
    assert.throws(
      () => map(null as never, String),
      new TypeError('map() needs something to iterate, not null'),
    );
    assert.throws(() => filter([], 3 as never), new TypeError('filter() needs a function, not number 3'));
  });
});
