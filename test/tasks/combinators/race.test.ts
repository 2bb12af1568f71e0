import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { CancelledError, race, run, shield, sleep, spawn } from '../../../runtime/index.ts';
import { after, cleaning, errorOf, failing, virtually } from '../bodies.ts';
import { warningsOf } from '../warnings.ts';

describe('race', () => {
  it('gives what the first gives, and has ended when the others have cleaned up, the last first', async () => {
    await virtually(function* () {
      const notes: string[] = [];
      const first = yield* race([cleaning('a', notes, 2), after(5, 'hare'), cleaning('b', notes)]);
      assert.equal(first, 'hare');
      assert.deepEqual(notes, ['b', 'a']);
    });
  });

  it('works with await, with async functions as members', async () => {
    const lost = { cleanedUp: false };
    const first = await run(
      async () =>
        race([
          async () => {
            try {
              await sleep(100_000);
            } finally {
              lost.cleanedUp = true;
            }
          },
          async () => {
            await sleep(1);
            return 'first';
          },
        ]),
      { clock: 'virtual' },
    );
    assert.deepEqual([first, lost.cleanedUp], ['first', true]);
  });

  it('fails when the first fails, with the very error', async () => {
    await virtually(function* () {
      const error = new Error('bad');
      const notes: string[] = [];
      assert.equal(yield* errorOf(race([failing(1, error), cleaning('loser', notes)])), error);
      assert.deepEqual(notes, ['loser']);
    });
  });

  it('fails with an error of a loser’s clean-up', async () => {
    await virtually(function* () {
      const error = new Error('in clean-up');
      const loser = function* () {
        try {
          yield* sleep(1000);
        } catch {
          throw error;
        }
      };
      assert.equal(yield* errorOf(race([after(1, 'winner'), loser])), error);
    });
  });

  it('is cancelled with all its members', async () => {
    await virtually(function* () {
      const notes: string[] = [];
      const task = spawn(() => race([cleaning('a', notes, 3), cleaning('b', notes)]));
      yield* sleep(1);
      task.cancel('enough');
      const error = yield* errorOf(task);
      assert.ok(error instanceof CancelledError && error.reason === 'enough');
      assert.deepEqual(notes, ['b', 'a']);
    });
  });

  it('lets a shielded loser go on', async () => {
    await virtually(function* () {
      const kept = spawn(after(10, 'kept'));
      assert.equal(yield* race([shield(kept), after(1, 'first')]), 'first');
      assert.equal(kept.state, 'waiting');
      assert.equal(yield* kept, 'kept');
    });
  });

  it('warns of a loser that fails beside the member that decided', async () => {
    const warnings = await warningsOf(() =>
      virtually(function* () {
        yield* errorOf(race([failing(1, new Error('first')), failing(1, new Error('second'))]));
      }),
    );
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!.text, /second/);
  });

  it('refuses an empty list', () => {
    assert.throws(() => race([]), new RangeError('race() needs at least one to wait for'));
  });
});
