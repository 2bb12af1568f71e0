import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, it } from 'mocha';
import { Process, run, Thread, TimeoutError, WorkerError } from '../../../runtime/index.ts';
import { tree } from '../../machine/tree.ts';
import * as functions from '../worker-functions.ts';

const kinds = [
  ['Thread', Thread],
  ['Process', Process],
] as const;

for (const [kind, Kind] of kinds) {
  describe(kind, () => {
    it('runs an exported function with its arguments, and gives its result to each join', async () => {
      const body = new Kind(functions.power, { args: [3, 4] });
      body.start();
      assert.equal(body.isAlive, true);
      assert.equal(await body.join(), 81);
      assert.equal(body.exitCode, 0);
      assert.equal(body.isAlive, false);
      assert.equal(await body.join(), 81);
    });

    it('leaves arguments with defaults to the function', async () => {
      assert.equal(await new Kind(functions.power, { args: [5] }).start().join(), 25);
    });

    it('runs an inline function that captures nothing from around itself', async () => {
      const args = ['Ada', [1, 2, 3]] as [string, number[]];
      const body = new Kind((name: string, list: number[]) => `${name} ${list.map((n) => n * 2).join()}`, {
        args,
      });
      assert.equal(await body.start().join(), 'Ada 2,4,6');
    });

    it('runs a coroutine as a task', async () => {
      await run(function* () {
        assert.equal(yield* new Kind(functions.slowly, { args: [4] }).start().join(), 4);
      });
    });

    it('carries the error across with its name, stack, cause and own properties', async () => {
      const body = new Kind(functions.refuse, { args: ['tea'] });
      await assert.rejects(
        async () => body.start().join(),
        (error: Error & { code?: string }) => {
          assert.equal(error.name, 'Refused');
          assert.equal(error.message, 'no tea');
          assert.equal(error.code, 'E_REFUSED');
          assert.match(error.stack!, /worker-functions|refuse/);
          assert.ok(error.cause instanceof RangeError);
          return true;
        },
      );
      assert.equal(body.exitCode, 1);
    });

    it('names its exit code when it ended before its function', async () => {
      const body = new Kind(functions.exit, { args: [3], name: 'short' }).start();
      await assert.rejects(async () => body.join(), {
        name: 'WorkerError',
        exitCode: 3,
        message: /"short" ended with exit code 3/,
      });
      assert.equal(body.exitCode, 3);
    });

    it('can be terminated while its function runs', async () => {
      const body = new Kind(functions.forever, { name: 'endless' }).start();
      body.terminate();
      await assert.rejects(
        async () => body.join(),
        (error: unknown) => {
          assert.ok(error instanceof WorkerError);
          assert.match(error.message, /"endless" was terminated/);
          // Before its function started, or in the middle: never the code of a good end.
          assert.equal(error.exitCode, kind === 'Thread' ? 1 : null);
          return true;
        },
      );
      assert.equal(body.exitCode, kind === 'Thread' ? 1 : null);
      assert.equal(body.isAlive, false);
      body.terminate();
    });

    it('fails a join after its timeout, and runs on', async () => {
      const body = new Kind(functions.forever).start();
      await assert.rejects(async () => body.join({ timeout: 1 }), TimeoutError);
      assert.equal(body.isAlive, true);
      body.kill();
      await assert.rejects(async () => body.join(), WorkerError);
    });

    it('refuses at the call a wrong argument or option, naming it', () => {
      const factor = Math.random();
      const cases: [() => unknown, RegExp][] = [
        [() => new Kind(3 as never), /needs a function, not number 3/],
        [() => new Kind(() => factor), /captures "factor"/],
        [() => new Kind(Math.max as never), /native/],
        [() => new Kind(class {} as never), /is a class/],
        [() => new Kind({ method() {} }.method), /is a method/],
        [() => new Kind(functions.square, { args: [(() => 1) as never] }), /argument 1 is a function/],
        [() => new Kind(functions.square, { args: 3 as never }), /an array for args/],
        [
          () => new Kind(functions.square, 3 as never),
          /takes an object of options \("args", "name"\), not 3/,
        ],
        [() => new Kind(functions.square, { name: 5 as never }), /name of a \w+ must be a string, not 5/],
        [() => new Kind(functions.square).join(), /never started/],
        [() => new Kind(functions.square).terminate(), /never started/],
      ];
      for (const [call, message] of cases) assert.throws(call, message);
    });

    it('can be started once', async () => {
      const body = new Kind(functions.square, { args: [2] }).start();
      assert.throws(() => body.start(), /started already/);
      assert.equal(await body.join(), 4);
    });

    it('says when the result cannot be sent back', async () => {
      const body = new Kind(functions.returnsAFunction).start();
      await assert.rejects(async () => body.join(), /cannot be sent back/);
    });
  });
}

describe('a process whose parent calls process.exit()', () => {
  const library = JSON.stringify(pathToFileURL(join(tree, 'build/runtime/index.js')).href);
  const cases: [string, string][] = [
    ['waits', 'new Process(() => new Promise((done) => setTimeout(done, 8000))).start();'],
    ['computes', 'new Process(() => { const end = Date.now() + 8000; while (Date.now() < end); }).start();'],
    [
      'computes for a pool',
      `const pool = new Pool({ size: 1, kind: 'processes' });
       pool.apply(() => { const end = Date.now() + 8000; while (Date.now() < end); });`,
    ],
  ];
  for (const [activity, start] of cases) {
    it(`does not outlive the parent while it ${activity}`, () => {
      const program = `import { Pool, Process } from ${library}; ${start} setTimeout(() => process.exit(3), 300);`;
      // The child has the parent's output, which spawnSync reads until both have ended.
      const { status, error, stderr } = spawnSync(
        process.execPath,
        ['--input-type=module', '--eval', program],
        { timeout: 7000, encoding: 'utf8' },
      );
      assert.equal(error, undefined);
      assert.equal(stderr, '');
      assert.equal(status, 3);
    }).timeout(9000);
  }
});
