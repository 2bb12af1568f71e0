import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { CancelledError, gather, run, sleep, spawn } from '../../../runtime/index.ts';
import { after, cleaning, errorOf, failing, virtually } from '../bodies.ts';

describe('gather', () => {
  it('takes functions, coroutines, tasks and promises, and gives what each gave', async () => {
    await virtually(function* () {
      const results = yield* gather([
        after(5, 'coroutine function'),
        async () => {
          await sleep(1);
          return 2;
        },
        after(1, 'coroutine')(),
        spawn(after(1, 'task')),
        Promise.resolve('promise'),
        () => 'ordinary function',
      ]);
      const typed: readonly [string, number, string, string, string, string] = results;
      assert.deepEqual(typed, ['coroutine function', 2, 'coroutine', 'task', 'promise', 'ordinary function']);
    });
  });

  it('takes any iterable, and works with await', async () => {
    await run(
      async () => {
        assert.deepEqual(await gather(new Set([after(2, 'a'), after(1, 'b')])), ['a', 'b']);
      },
      { clock: 'virtual' },
    );
  });

  it('takes as long as its longest member', async () => {
    await virtually(function* () {
      const all = gather([after(30, 1), after(10, 2), after(20, 3)]);
      yield* sleep(29);
      assert.equal(all.isDone, false);
      yield* sleep(1);
      yield* sleep(0);
      assert.deepEqual(all.result, [1, 2, 3]);
    });
  });

  it('refuses what cannot be waited for, naming it, before anything has begun', async () => {
    await virtually(function* () {
      let ran = false;
      const body = () => (ran = true);
      assert.throws(
        () => gather([body, 3 as never]),
        new TypeError(
          'gather() waits for functions, coroutines, futures and promises, not for number 3 at index 1',
        ),
      );
      assert.throws(() => gather(null as never), /gather\(\) needs a list of what to wait for, not null/);
      assert.throws(() => gather(after(1, 1) as never), /needs a list of what to wait for, not a function/);
      yield* sleep(1);
      assert.equal(ran, false);
    });
  });

  it('fails with the very error that was thrown', async () => {
    await virtually(function* () {
      const error = new Error('bad');
      assert.equal(yield* errorOf(gather([failing(1, error)])), error);
      assert.deepEqual(yield* gather([failing(1, error), after(2, 'b')], { returnErrors: true }), [
        error,
        'b',
      ]);
    });
  });

  it('passes its cancellation to its members, and ends when they have ended', async () => {
    await virtually(function* () {
      const notes: string[] = [];
      const task = spawn(() => gather([cleaning('a', notes, 5), cleaning('b', notes, 1)]));
      yield* sleep(1);
      task.cancel('enough');
      const error = yield* errorOf(task);
      assert.deepEqual(notes, ['b', 'a']);
      assert.ok(error instanceof CancelledError && error.reason === 'enough');
    });
  });

  it('fails with the error of a clean-up in place of its cancellation, once all have ended', async () => {
    await virtually(function* () {
      const notes: string[] = [];
      const error = new Error('in clean-up');
      const bad = function* () {
        try {
          yield* sleep(1000);
        } catch {
          throw error;
        }
      };
      const task = spawn(() => gather([bad, cleaning('slow', notes, 5)]));
      yield* sleep(1);
      task.cancel();
      assert.equal(yield* errorOf(task), error);
      assert.deepEqual(notes, ['slow']);
      assert.equal(task.state, 'failed');
    });
  });

  it('leaves a bare promise as it is when it is cancelled', async () => {
    await virtually(function* () {
      let resolve!: (value: string) => void;
      const promise = new Promise<string>((done) => (resolve = done));
      const all = gather([promise]);
      yield* sleep(0);
      all.cancel();
      assert.ok((yield* errorOf(all)) instanceof CancelledError);
      resolve('later');
      assert.deepEqual(yield* gather([promise]), ['later']);
    });
  });
});
