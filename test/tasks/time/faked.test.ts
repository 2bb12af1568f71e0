import { strict as assert } from 'node:assert';
import { mock } from 'node:test';
import { setTimeout as nativeSleep } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { now, run, sleep, spawn } from '../../../runtime/index.ts';
import { warningsOf } from '../warnings.ts';

/** Calls the body while timers, `Date` and `performance.now` are fake and stand still. */
async function faked(body: () => Promise<void>): Promise<void> {
  const { now: realNow } = performance;
  const frozenMs = performance.now();
  performance.now = () => frozenMs;
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  try {
    await body();
  } finally {
    mock.timers.reset();
    performance.now = realNow;
  }
}

describe('With fake timers', () => {
  it('sleeps are real, and the loop gets its turn', async () => {
    await faked(async () => {
      let isOver = false;
      const busy = spawn(function* () {
        while (!isOver) yield;
      });
      await sleep(2);
      await nativeSleep(1);
      isOver = true;
      await busy;
    });
  });

  it('a run on the clock of its host sleeps until they are advanced', async () => {
    await faked(async () => {
      const ended = run(
        async () => {
          const startMs = now();
          await sleep(60_000);
          const inner = await run(async () => {
            await sleep(1000);
            return now() - startMs;
          });
          return inner;
        },
        { clock: 'host' },
      );
      await sleep(1);
      mock.timers.tick(60_000);
      await sleep(1);
      mock.timers.tick(1000);
      assert.equal(await ended, 61_000);
    });
  });
});

describe('Virtual time that stands still', () => {
  it('is told once, with who waits outside', async () => {
    const warnings = await warningsOf(() =>
      run(
        async function main() {
          await spawn(async () => nativeSleep(150), { name: 'asks outside' });
          await sleep(1000);
        },
        { clock: 'virtual' },
      ),
    );
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['SIMUL_VIRTUAL_TIME_STILL'],
    );
    assert.match(
      warnings[0]!.text,
      /^virtual time stands still at 0 ms: task "asks outside", made at .*faked\.test\.[jt]s:\d+:\d+, waits for what is not of this library/,
    );
  });

  it('is not told where it goes on soon', async () => {
    const warnings = await warningsOf(() =>
      run(
        async () => {
          for (let turn = 0; turn < 3; turn++) {
            await nativeSleep(1);
            await sleep(1000);
          }
        },
        { clock: 'virtual' },
      ),
    );
    assert.deepEqual(warnings, []);
  });

  it('leaves the sleeps of strangers alone', async () => {
    const stranger = sleep(10, 'slept');
    const startMs = performance.now();
    await run(async () => sleep(100_000), { clock: 'virtual' });
    assert.equal(stranger.isDone, false);
    assert.equal(await stranger, 'slept');
    assert.ok(performance.now() - startMs > 5);
  });
});
