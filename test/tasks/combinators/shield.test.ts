import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { CancelledError, shield, sleep, spawn } from '../../../runtime/index.ts';
import { after, errorOf, failing, virtually } from '../bodies.ts';
import { warningsOf } from '../warnings.ts';

describe('shield', () => {
  it('ends as the future inside does', async () => {
    await virtually(function* () {
      const error = new Error('bad');
      assert.equal(yield* shield(after(1, 'fine')), 'fine');
      assert.equal(yield* errorOf(shield(failing(1, error))), error);
      assert.equal(yield* shield(spawn(after(0, 'there already'))), 'there already');
    });
  });

  for (const failsAt of [5, 0.5]) {
    it(`${failsAt > 1 ? 'warns of a failure inside after' : 'gives no warning of one before'} the cancellation of its waiter`, async () => {
      const warnings = await warningsOf(() =>
        virtually(function* () {
          const inner = spawn(failing(failsAt, new Error('inside')));
          const task = spawn(function* () {
            yield* shield(inner);
          });
          yield* sleep(1);
          task.cancel();
          const error = yield* errorOf(task);
          assert.equal(error instanceof CancelledError, failsAt > 1);
          yield* sleep(10);
        }),
      );
      assert.equal(warnings.length, failsAt > 1 ? 1 : 0);
    });
  }
});
