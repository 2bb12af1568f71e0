import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import {
  allTasks,
  CancelledError,
  now,
  OutOfTries,
  retry,
  run,
  sleep,
  spawn,
} from '../../../runtime/index.ts';
import { cleaning, errorOf, virtually } from '../bodies.ts';

describe('retry', () => {
  it('tries again after an error, with the number of the attempt, and gives the first result', async () => {
    await virtually(function* () {
      const attempts: number[] = [];
      const result = yield* retry(function* (attempt) {
        attempts.push(attempt);
        yield* sleep(1);
        if (attempt < 3) throw new Error('not yet');
        return 'at last';
      });
      assert.equal(result, 'at last');
      assert.deepEqual(attempts, [1, 2, 3]);
    });
  });

  it('works with await, for async and ordinary functions', async () => {
    await run(
      async () => {
        const typed: number = await retry(async (attempt) => attempt, { until: (result) => result > 1 });
        assert.equal(typed, 2);
        assert.equal(await retry((attempt) => attempt, { until: (result) => result > 2 }), 3);
      },
      { clock: 'virtual' },
    );
  });

  it('fails with the last error itself', async () => {
    await virtually(function* () {
      const errors = [1, 2, 3, 4].map((n) => new Error(String(n)));
      const failed = retry((attempt) => {
        throw errors[attempt - 1]!;
      });
      assert.equal(yield* errorOf(failed), errors[2]);
    });
  });

  it('fails with the last result when no result was good enough', async () => {
    await virtually(function* () {
      const error = yield* errorOf(retry((attempt) => attempt, { times: 2, until: () => false }));
      assert.ok(error instanceof OutOfTries);
      assert.equal(error.message, 'retry() gave up after 2 tries: no result was good enough');
      assert.equal(error.last, 2);
    });
  });

  it('waits between the tries, longer each time, up to the longest delay', async () => {
    await virtually(function* () {
      const times: number[] = [];
      const failed = retry(
        () => {
          times.push(now());
          throw new Error('bad');
        },
        { times: 5, delay: 10, factor: 2, maxDelay: 30 },
      );
      yield* errorOf(failed);
      assert.deepEqual(times, [0, 10, 30, 60, 90]);
    });
  });

  it('does not try again after an error that retryOn refuses', async () => {
    await virtually(function* () {
      let tries = 0;
      const failed = retry(
        () => {
          tries++;
          throw new TypeError('never');
        },
        { times: Infinity, retryOn: (error) => !(error instanceof TypeError) },
      );
      assert.ok((yield* errorOf(failed)) instanceof TypeError);
      assert.equal(tries, 1);
    });
  });

  it('is cancelled with the try that runs, and never tries again then', async () => {
    await virtually(function* () {
      const notes: string[] = [];
      const retrying = retry(cleaning('try', notes, 1), { times: Infinity });
      const task = spawn(() => retrying);
      yield* sleep(1);
      task.cancel();
      assert.ok((yield* errorOf(task)) instanceof CancelledError);
      assert.deepEqual(notes, ['try']);
      assert.equal(allTasks().length, 1);
    });
  });

  it('refuses arguments that make no sense, at once', () => {
    for (const [options, message] of [
      [{ times: 0 }, 'the times of retry() must be a whole number from 1 up, or Infinity, not 0'],
      [{ delay: -1 }, 'the delay of retry() must be a number of ms from 0 up, not -1'],
      [{ factor: NaN }, 'the factor of retry() must be a number from 0 up, not NaN'],
      [{ until: 3 }, 'the until of retry() needs a function, not number 3'],
    ] as const)
      assert.throws(() => retry(() => 1, options as object), { message });
    assert.throws(() => retry(3 as never), { message: 'retry() needs a function, not number 3' });
  });
});
