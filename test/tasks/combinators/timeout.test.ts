import { strict as assert } from 'node:assert';
import { setTimeout as nativeSleep } from 'node:timers/promises';
import { describe, it } from 'mocha';
import {
  allTasks,
  CancelledError,
  gather,
  group,
  InvalidStateError,
  Queue,
  race,
  run,
  shield,
  sleep,
  spawn,
  timeout,
  TimeoutError,
  waitFor,
} from '../../../runtime/index.ts';
import { after, cleaning, errorOf, virtually } from '../bodies.ts';
import { warningsOf } from '../warnings.ts';

describe('timeout', () => {
  it('names the body that took too long', async () => {
    await virtually(function* () {
      const error = yield* errorOf(
        timeout(10, function* slow() {
          yield* sleep(1000);
        }),
      );
      assert.deepEqual(error, new TimeoutError('task "slow" took longer than 10 ms'));
    });
  });

  it('cancels an async function at its wait, and waits for its clean-up', async () => {
    const notes: string[] = [];
    await run(
      async () => {
        const limited = timeout(10, async () => {
          try {
            await sleep(1000);
          } finally {
            await sleep(5);
            notes.push('cleaned up');
          }
        });
        await assert.rejects(async () => await limited, TimeoutError);
      },
      { clock: 'virtual' },
    );
    assert.deepEqual(notes, ['cleaned up']);
  });

  it('fails when its body finishes all the same, unless what is late is accepted', async () => {
    await virtually(function* () {
      const late = function* () {
        try {
          yield* sleep(1000);
        } catch {
          return 'all the same';
        }
        return 'in time';
      };
      assert.ok((yield* errorOf(timeout(1, late))) instanceof TimeoutError);
      assert.equal(yield* timeout(1, late, { late: 'accept' }), 'all the same');
    });
  });

  it('fails at its limit and puts back what came after it', async () => {
    const items = new Queue<string>();
    const late = timeout(1, async () => {
      await nativeSleep(5);
      return items.get();
    });
    items.putNow('kept');
    await assert.rejects(late, TimeoutError);
    await sleep(1);
    assert.deepEqual([items.size, items.getNow()], [1, 'kept']);
  });

  it('fails with the line that set the limit', async () => {
    await assert.rejects(
      timeout(1, async () => sleep(1000)),
      (error: Error) => {
        const lines = error.stack!.split('\n').filter((line) => line.includes('timeout.test.'));
        return error instanceof TimeoutError && lines.length > 0;
      },
    );
  });

  it('waits no longer than its grace for what cannot be interrupted, and names it', async () => {
    const warnings = await warningsOf(async () => {
      const stuck = async (): Promise<void> => new Promise<void>(() => {});
      await assert.rejects(timeout(1, stuck, { grace: 5 }), TimeoutError);
      await assert.rejects(timeout(1, gather([stuck, stuck]), { grace: 5 }), TimeoutError);
      await assert.rejects(
        timeout(
          1,
          group(async (members) => {
            members.spawn(stuck);
          }),
          { grace: 5 },
        ),
        TimeoutError,
      );
      const task = spawn(stuck, { name: 'stuck' });
      await sleep(0);
      task.cancel('enough', { grace: 1 });
      await assert.rejects(task, CancelledError);
      await run(
        async () => {
          spawn(stuck, { name: 'left' }).catch(() => {});
          await sleep(0);
        },
        { grace: 1 },
      );
    });
    assert.deepEqual(
      warnings.map(({ code }) => code),
      Array.from({ length: 6 }, () => 'SIMUL_ABANDONED'),
    );
    assert.match(
      warnings.at(-2)!.text,
      /^task "stuck", made at .*timeout\.test\.[jt]s:\d+:\d+, was cancelled and has not ended within 1 ms: it stands at an await that nothing can interrupt/,
    );
    assert.deepEqual(allTasks(), []);
  });

  it('gives back what its body had got when the limit passed, also when it is cancelled then', async () => {
    await run(function* () {
      const empty = new Queue<string>();
      const queue = new Queue<string>();
      // The race is decided just before the limit passes; the timeout is cancelled just after that,
      // before the loser has ended.
      spawn(function* () {
        queue.putNow('item');
      });
      const limit = timeout(0, race([empty.get(), queue.get()]));
      spawn(function* () {
        yield;
        limit.cancel('enough');
      });
      yield* gather([limit], { returnErrors: true });
      assert.equal(limit.isCancelled, true);
      assert.equal(limit.isExpired, true);
      assert.equal(queue.getNow(), 'item');
    });
  });

  it('is cancelled with its body', async () => {
    await virtually(function* () {
      const notes: string[] = [];
      const task = spawn(() => timeout(1000, cleaning('body', notes, 1)));
      yield* sleep(1);
      task.cancel('enough');
      const error = yield* errorOf(task);
      assert.ok(error instanceof CancelledError && error.reason === 'enough');
      assert.deepEqual(notes, ['body']);
    });
  });

  it('lets the inner of two limits, or the outer, decide, whichever is shorter', async () => {
    await virtually(function* () {
      const inner = yield* errorOf(timeout(50, () => timeout(5, after(100, ''))));
      assert.match(String(inner), /5 ms/);
      const outer = yield* errorOf(timeout(5, () => timeout(50, after(100, ''))));
      assert.match(String(outer), /5 ms/);
    });
  });

  it('lets a shielded task go on after the limit', async () => {
    await virtually(function* () {
      const task = spawn(after(10, 'later'));
      assert.ok((yield* errorOf(waitFor(shield(task), 5))) instanceof TimeoutError);
      assert.equal(yield* task, 'later');
    });
  });

  it('cannot be moved when it is over', async () => {
    await virtually(function* () {
      const limited = timeout(1, after(0, 'in time'));
      yield* limited;
      assert.throws(() => limited.reschedule(5), InvalidStateError);
    });
  });

  it('has no limit with Infinity, and refuses what is no number of ms', async () => {
    await virtually(function* () {
      assert.equal(yield* timeout(Infinity, after(1e9, 'at last')), 'at last');
    });
    assert.throws(
      () => timeout(NaN, after(1, 1)),
      /the limit of timeout\(\) must be a number of ms from 0 up/,
    );
    assert.throws(() => waitFor(3 as never, 1), /waitFor\(\) waits for functions/);
  });
});
