/**
 * Errors that no call can fail with: thrown in a timer, or a promise that nobody handles, in a
 * worker whose function has ended. They are told, and cost the program's status, as any failure
 * that nobody looks at.
 */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { Pool, Thread, WorkerError } from '../../runtime/index.ts';
import { type Warning, warningsOf } from '../tasks/warnings.ts';

type Way = 'timer' | 'rejection';

/** It has ended when that happens. */
function throwsAside(way: Way): string {
  if (way === 'timer')
    setTimeout(() => {
      throw new RangeError('aside');
    }, 1);
  else
    setTimeout(() => {
      void Promise.reject(new RangeError('aside'));
    }, 1);
  return 'ended';
}

/** Goes on while the other throws. */
async function throwsAsideMeanwhile(way: Way): Promise<void> {
  setTimeout(() => {
    if (way === 'timer') throw new RangeError('aside');
    void Promise.reject(new RangeError('aside'));
  }, 1);
  await new Promise((resolve) => setTimeout(resolve, 60_000));
}

const told = (warnings: readonly Warning[]): string[] =>
  warnings.map(({ text }) => text.split('\n')[0]!).filter((text) => !text.includes('ExperimentalWarning'));

for (const kind of ['threads', 'processes'] as const)
  for (const way of ['timer', 'rejection'] as const)
    describe(`an error aside in a Pool of ${kind} (${way})`, () => {
      it('is told when it ends a worker that has no call, and the pool goes on', async () => {
        const warnings = await warningsOf(async () => {
          await using pool = new Pool({ size: 1, kind, name: 'aside' });
          assert.equal(await pool.apply(throwsAside, [way]), 'ended');
          // Another worker has taken its place when this is done.
          while (pool.stats().startedWorkers < 2) await new Promise((turn) => setImmediate(turn));
          assert.equal(await pool.apply((n: number) => n + 1, [1]), 2);
        });
        assert.deepEqual(told(warnings), [
          'a worker of pool "aside" ended by an error beside its calls: RangeError: aside',
        ]);
      });

      it('fails the call that its worker has, with the error as its cause, and is told no second time', async () => {
        const warnings = await warningsOf(async () => {
          await using pool = new Pool({ size: 1, kind });
          await assert.rejects(
            async () => await pool.apply(throwsAsideMeanwhile, [way]),
            (error) => error instanceof WorkerError && (error.cause as Error).message === 'aside',
          );
          assert.equal(await pool.apply((n: number) => n + 1, [1]), 2);
        });
        assert.deepEqual(told(warnings), []);
      });
    });

describe('an error aside in a Thread', () => {
  it('is told when its function has returned, whose result counts', async () => {
    const warnings = await warningsOf(async () => {
      const body = new Thread(throwsAside, { args: ['timer'] });
      assert.equal(await body.start().join(), 'ended');
    });
    assert.deepEqual(told(warnings), [
      'thread "throwsAside" ended by an error after its function had ended: RangeError: aside',
    ]);
  });
});

describe('a program with an error aside', () => {
  const library = new URL('../../runtime/index.js', import.meta.url).href;
  let folder = '';
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'simul-aside-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const ran = (text: string) => {
    const file = join(folder, 'main.mjs');
    writeFileSync(file, `import { Pool, Process } from ${JSON.stringify(library)};\n${text}`);
    const { status, stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8' });
    return { status, stdout, stderr };
  };

  it('in a pool goes on, ends by itself, and has status 1', () => {
    const { status, stdout, stderr } = ran(`
      const pool = new Pool({ size: 1 });
      await pool.apply(() => void setTimeout(() => { throw new Error('aside'); }, 1));
      while (pool.stats().startedWorkers < 2) await new Promise((turn) => setImmediate(turn));
      console.log(await pool.apply(() => 'goes on'));`);
    assert.equal(stdout, 'goes on\n');
    assert.match(stderr, /a worker of the pool ended by an error beside its calls: Error: aside/);
    assert.equal(status, 1);
  });

  it('in a Process whose function has returned has it in its own output, and exit code 1', () => {
    const { status, stdout, stderr } = ran(`
      const child = new Process(() => { setTimeout(() => { throw new Error('aside'); }, 1); return 7; });
      console.log(await child.start().join(), child.exitCode);`);
    assert.equal(stdout, '7 1\n');
    assert.match(stderr, /Error: aside/);
    assert.equal(status, 0);
  });
});
