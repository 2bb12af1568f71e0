import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { CancelledError, gather, run, sleep, spawn, wait } from '../../../runtime/index.ts';
import { after, errorOf, failing, virtually } from '../bodies.ts';
import { warningsOf } from '../warnings.ts';

describe('wait', () => {
  it('gives done and pending in the order of input', async () => {
    await virtually(function* () {
      const tasks = [30, 5, 20, 10].map((ms) => spawn(after(ms, ms)));
      const { done, pending } = yield* wait(tasks, { timeout: 15 });
      assert.deepEqual(
        [done, pending],
        [
          [tasks[1], tasks[3]],
          [tasks[0], tasks[2]],
        ],
      );
      yield* gather(pending);
    });
  });

  it('gives tasks of the functions that it was given, and works with await', async () => {
    await run(
      async () => {
        const { done } = await wait([after(5, 'a'), async () => 'b']);
        assert.deepEqual(
          done.map((task) => task.result),
          ['a', 'b'],
        );
      },
      { clock: 'virtual' },
    );
  });

  it('cancels no member when the wait itself is cancelled', async () => {
    await virtually(function* () {
      const inner = spawn(after(5, 'done'));
      const task = spawn(() => wait([inner]));
      yield* sleep(1);
      task.cancel();
      assert.ok((yield* errorOf(task)) instanceof CancelledError);
      assert.equal(yield* inner, 'done');
    });
  });

  it('handles no failure: one that is never read gets a warning', async () => {
    const warnings = await warningsOf(() =>
      virtually(function* () {
        const { done } = yield* wait([
          failing(1, new Error('asked for')),
          failing(1, new Error('not asked for')),
        ]);
        assert.match(String(done[0]!.error), /asked for/);
      }),
    );
    assert.deepEqual(
      warnings.map(({ text }) => /Error: (.+)/.exec(text)?.[1]),
      ['not asked for'],
    );
  });

  it('refuses a moment or a time that it does not know', () => {
    assert.throws(
      () => wait([after(1, 1)], { returnWhen: 'any' as never }),
      new RangeError('wait() can return when all, first-done, first-failed, not when "any"'),
    );
    assert.throws(
      () => wait([after(1, 1)], { timeout: -1 }),
      new RangeError('the timeout of wait() must be a number of ms from 0 up, not -1'),
    );
  });
});
