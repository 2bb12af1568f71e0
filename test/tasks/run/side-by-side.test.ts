import { strict as assert } from 'node:assert';
import { setTimeout as nativeSleep } from 'node:timers/promises';
import { describe, it } from 'mocha';
import {
  allTasks,
  CancelledError,
  Event,
  gather,
  run,
  sleep,
  spawn,
  type Task,
} from '../../../runtime/index.ts';
import { warningsOf } from '../warnings.ts';

describe('Runs of one thread', () => {
  it('go on side by side, and each ends with its own tasks alone', async () => {
    const go = new Event();
    const helpers: Task[] = [];
    const request = (name: string) =>
      run(async () => {
        helpers.push(spawn(async () => sleep(100_000), { name }));
        await go.wait();
        if (name === 'slow') await sleep(5);
        return name;
      });
    const warnings = await warningsOf(async () => {
      const quick = request('quick');
      const slow = request('slow');
      await sleep(0);
      go.set();
      assert.equal(await quick, 'quick');
      assert.deepEqual(
        helpers.map(({ state }) => state),
        ['cancelled', 'waiting'],
      );
      assert.equal(await slow, 'slow');
    });
    assert.deepEqual(
      helpers.map(({ state }) => state),
      ['cancelled', 'cancelled'],
    );
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['SIMUL_NEVER_AWAITED', 'SIMUL_NEVER_AWAITED'],
    );
  });

  it('leave alone what strangers spawned meanwhile', async () => {
    const begun = new Event();
    const end = new Event();
    const running = run(async () => {
      begun.set();
      await end.wait();
    });
    await begun.wait();
    const stranger = spawn(async () => {
      await nativeSleep(5);
      return 'lives';
    });
    end.set();
    await running;
    assert.equal(stranger.state, 'waiting');
    assert.equal(await stranger, 'lives');
  });

  it('own what their code makes, however late and from whichever callback', async () => {
    const made: Task[] = [];
    const make = (): void => {
      const task = spawn(async () => sleep(100_000));
      task.onDone(() => {});
      made.push(task);
    };
    await warningsOf(() =>
      run(async () => {
        setTimeout(make, 1);
        queueMicrotask(make);
        const done = spawn(async () => sleep(0));
        done.onDone(make);
        void done.then(make);
        await nativeSleep(5);
        make();
        while (made.length < 5) await nativeSleep(1);
      }),
    );
    assert.deepEqual(
      made.map(({ state }) => state),
      Array.from({ length: 5 }, () => 'cancelled'),
    );
    assert.deepEqual(allTasks(), []);
  });

  it('may be nested: the inner ends first, and with the outer', async () => {
    const ends: string[] = [];
    const cleaning = (name: string) => async () => {
      try {
        await sleep(100_000);
      } finally {
        await nativeSleep(2);
        ends.push(name);
      }
    };
    await warningsOf(async () => {
      await run(async () => {
        spawn(cleaning('outer')).catch(() => {});
        await run(async () => {
          spawn(cleaning('inner')).catch(() => {});
          await sleep(0);
        });
        ends.push('inner run');
        run(async () => {
          spawn(cleaning('left inner')).catch(() => {});
          await sleep(100_000);
        }).catch((error: unknown) => ends.push(error instanceof CancelledError ? 'left run' : String(error)));
        await sleep(0);
      });
    });
    assert.deepEqual(ends.slice(0, 2), ['inner', 'inner run']);
    assert.deepEqual(ends.slice(2).toSorted(), ['left inner', 'left run', 'outer']);
    assert.deepEqual(allTasks(), []);
  });

  it('are alone where they have a clock or an order of their own', async () => {
    const begun = new Event();
    const real = run(async () => {
      begun.set();
      await sleep(5);
    });
    await begun.wait();
    assert.throws(
      () => run(() => 1, { clock: 'virtual' }),
      /^Error: run\(\) with a clock or a seed was called while task ".*" runs; await that run first$/,
    );
    await real;
    const end = new Event();
    const virtual = run(async () => end.wait(), { clock: 'virtual' });
    assert.throws(
      () => run(() => 1),
      /^Error: run\(\) was called while task ".*" runs on a clock or in an order of its own; await that run first$/,
    );
    end.set();
    await virtual;
    // Inside of it another shares its clock.
    const inside = async () => run(async () => sleep(100_000, 'slept'));
    assert.equal(await run(inside, { clock: 'virtual' }), 'slept');
    assert.deepEqual(await gather([run(() => 1), run(() => 2, {})]), [1, 2]);
  });
});
