import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { Future, run, sleep, spawn } from '../../../runtime/index.ts';
import { describeOrigin } from '../../../runtime/tasks/core/unhandled.ts';
import { warningsOf } from '../warnings.ts';

/** The line of the call, as stacks name it. */
function here(): string {
  const at = /([^/\\]+):(\d+):\d+\)?$/.exec(new Error().stack!.split('\n')[2]!)!;
  return `${at[1]}:${at[2]}`;
}

describe('a failure that no code handles', () => {
  it('gets one warning, at the end of the run, with the line that made the task', async () => {
    let line = '';
    const warnings = await warningsOf(async () => {
      await run(function* () {
        // oxlint-disable-next-line no-unused-expressions -- both on one line
        ((line = here()), spawn(() => Promise.reject(new Error('lost')), { name: 'job' }));
        yield* sleep(1);
      });
      await run(() => 1);
    });
    assert.equal(warnings.length, 1);
    const { text, code } = warnings[0]!;
    assert.equal(code, 'SIMUL_UNHANDLED_FAILURE');
    assert.match(text, /^task "job", made at .*failed and nobody looked at it: Error: lost/);
    assert.ok(text.includes(line), `${text} names ${line}`);
  });

  it('gets none when it is waited for later, or its error is read', async () => {
    const warnings = await warningsOf(() =>
      run(function* () {
        const fail = (): never => {
          throw new Error('seen');
        };
        const awaited = spawn(fail);
        const asked = spawn(fail);
        yield* sleep(1);
        try {
          yield* awaited;
        } catch {
          // Handled.
        }
        assert.ok(asked.error instanceof Error);
      }),
    );
    assert.deepEqual(warnings, []);
  });

  it('gets one when only a callback was called at the end', async () => {
    const warnings = await warningsOf(() =>
      run(function* () {
        const task = spawn(() => {
          throw new Error('not looked at');
        });
        task.onDone(() => {});
        yield* sleep(1);
      }),
    );
    assert.equal(warnings.length, 1);
  });

  it('gets none when the task was cancelled', async () => {
    const warnings = await warningsOf(() =>
      run(function* () {
        const task = spawn(function* () {
          yield* new Future();
        });
        yield;
        task.cancel();
        yield* sleep(1);
      }),
    );
    assert.deepEqual(warnings, []);
  });
});

describe('a task that is never awaited', () => {
  it('gets a warning when its run ends before it, with the line that made it', async () => {
    let line = '';
    const warnings = await warningsOf(() =>
      run(function* () {
        function* forgotten() {
          yield* new Future();
        }
        // oxlint-disable-next-line no-unused-expressions -- both on one line
        ((line = here()), spawn(forgotten));
        yield;
      }),
    );
    assert.equal(warnings.length, 1);
    assert.equal(warnings[0]!.code, 'SIMUL_NEVER_AWAITED');
    assert.match(warnings[0]!.text, /^task "forgotten", made at .*had not ended when the run did/);
    assert.ok(warnings[0]!.text.includes(line), `${warnings[0]!.text} names ${line}`);
  });

  it('gets none when another task waits for it, when it was cancelled, or when main failed', async () => {
    const forever = function* () {
      yield* new Future();
    };
    const warnings = await warningsOf(async () => {
      await run(function* () {
        const slow = spawn(function* slow() {
          try {
            yield* new Future();
          } finally {
            yield* new Future();
          }
        });
        const awaited = spawn(forever);
        spawn(function* waiting() {
          yield* awaited;
        });
        yield;
        slow.cancel();
      });
      await assert.rejects(
        run(function* () {
          spawn(forever);
          yield;
          throw new Error('main failed');
        }),
      );
    });
    assert.deepEqual(
      warnings.map(({ text }) => text.split(',')[0]),
      ['task "waiting"'],
    );
  });
});

describe('the line that made a task', () => {
  const ours = new URL('../../../runtime/tasks/', import.meta.url).href;

  it('is the first that is neither the library’s nor Node’s', () => {
    const stack = [
      'Error',
      `    at spawn (${ours}run.js:10:3)`,
      `    at new Lock (${new URL('../sync/lock.js', ours).href}:5:1)`,
      '    at node:internal/process:3:1',
      '    at async main (file:///home/me/my%20app/main.ts:7:5)',
      '    at file:///home/me/other.ts:1:1',
    ].join('\n');
    assert.equal(describeOrigin(stack), 'made at /home/me/my app/main.ts:7:5');
    assert.equal(
      describeOrigin('Error\n    at Object.<anonymous> (/home/me/main.js:2:9)'),
      'made at /home/me/main.js:2:9',
    );
    assert.equal(describeOrigin('Error\n    at async /home/me/main.js:2:9'), 'made at /home/me/main.js:2:9');
  });

  it('reads “not kept” where no stack was kept or none of it is the user’s', () => {
    assert.equal(describeOrigin(undefined), 'made at a line that was not kept');
    assert.equal(
      describeOrigin(`Error\n    at spawn (${ours}run.js:10:3)`),
      'made at a line that was not kept',
    );
  });
});
