/** Tasks that were cancelled and stand where nothing can interrupt them. */
import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { run, sleep, spawn, type Task, timeout, TimeoutError } from '../../../runtime/index.ts';
import { tellUninterrupted } from '../../../runtime/tasks/core/uninterruptible.ts';
import { type Warning, warningsOf } from '../warnings.ts';

const told = (warnings: readonly Warning[]): string[] => {
  const own = warnings.filter(({ code }) => code === 'SIMUL_NOT_INTERRUPTED');
  return own.map(({ text }) => /(task \S+), made at \S+, (.*?):/.exec(text)!.slice(1).join(' '));
};
/** The time in so many ms. */
const inMs = (ms: number): number => performance.now() + ms;

describe('A task that was cancelled and stands at a plain await', () => {
  it('is told after 5 s, once, with its line and what helps', async () => {
    let open = (): void => {};
    const warnings = await warningsOf(async () => {
      await run(async () => {
        const slow = spawn(async function slow() {
          await new Promise<void>((resolve) => (open = resolve));
        });
        const limit = timeout(1, slow);
        await sleep(5);
        tellUninterrupted(inMs(4900));
        tellUninterrupted(inMs(5100));
        tellUninterrupted(inMs(50_000));
        open();
        await assert.rejects(async () => await limit, TimeoutError);
      });
    });
    assert.deepEqual(told(warnings), ['task "slow" was cancelled 5 s ago and has not ended']);
    assert.match(
      warnings[0]!.text,
      /made at \S+uninterruptible\.test\.[jt]s:\d+:\d+, .*: it stands at an await that nothing can interrupt \(await until\(promise\) can be\)\. A grace period/,
    );
  });

  it('is told where it stands so in its clean-up, and on a clock of its run', async () => {
    let open = (): void => {};
    const warnings = await warningsOf(async () => {
      await run(async () => {
        const slow = spawn(async function cleansUp() {
          try {
            await sleep(1000);
          } finally {
            await new Promise<void>((resolve) => (open = resolve));
          }
        });
        await sleep(0);
        slow.cancel();
        await sleep(0);
        tellUninterrupted(inMs(6000));
        open();
        await slow.catch(() => {});
      });
    });
    assert.deepEqual(told(warnings), ['task "cleansUp" was cancelled 6 s ago and has not ended']);
  });

  it('is not told when it has ended, waits for the library, or was never cancelled', async () => {
    let open = (): void => {};
    const warnings = await warningsOf(async () => {
      await run(async () => {
        const ended = spawn(async () => sleep(1000));
        const begins = spawn(async () => 1);
        const waits: Task = spawn(async () => {
          try {
            await sleep(1000);
          } finally {
            await sleep(5);
          }
        });
        const stands = spawn(async () => new Promise<void>((resolve) => (open = resolve)));
        await sleep(0);
        for (const task of [ended, begins, waits]) task.cancel();
        await sleep(0);
        tellUninterrupted(inMs(6000));
        await waits.catch(() => {});
        tellUninterrupted(inMs(60_000));
        open();
        await stands;
      });
    });
    assert.deepEqual(told(warnings), []);
  });
});
