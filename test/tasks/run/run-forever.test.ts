import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { allTasks, run, runForever, sleep, spawn, stop, TimeoutError } from '../../../runtime/index.ts';
import { warningsOf } from '../warnings.ts';

describe('runForever', () => {
  it('goes on after main has ended, until stop, and then cancels the tasks that are left, without a warning', async () => {
    const order: string[] = [];
    const warnings = await warningsOf(() =>
      runForever(
        function* main() {
          spawn(function* server() {
            try {
              for (;;) {
                yield* sleep(10);
                order.push('served');
                if (order.filter((word) => word === 'served').length === 3) {
                  stop();
                  stop();
                }
              }
            } finally {
              order.push('clean');
            }
          });
          yield;
          order.push('main ended');
        },
        { clock: 'virtual' },
      ),
    );
    assert.deepEqual(order, ['main ended', 'served', 'served', 'served', 'clean']);
    assert.deepEqual(warnings, []);
    assert.deepEqual(allTasks(), []);
  });

  it('ends main, too, when main still runs', async () => {
    let cleanedUp = false;
    await runForever(async () => {
      setImmediate(stop);
      try {
        await sleep(60_000);
      } finally {
        cleanedUp = true;
      }
    });
    assert.equal(cleanedUp, true);
  });

  it('fails with the error of main, and at its deadline', async () => {
    const error = new Error('no server');
    await assert.rejects(
      runForever(() => {
        throw error;
      }),
      (thrown) => thrown === error,
    );
    await assert.rejects(
      runForever(() => {}, { clock: 'virtual', deadline: 5 }),
      TimeoutError,
    );
  });

  it('cannot be stopped while none runs', async () => {
    const sentence = /stop\(\) was called while no runForever\(\) runs/;
    assert.throws(stop, sentence);
    await run(() => assert.throws(stop, sentence));
    assert.throws(() => runForever(3 as never), /runForever\(\) needs a function or a coroutine, not 3/);
  });
});
