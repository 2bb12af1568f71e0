import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { before, describe, it } from 'mocha';
import { Future, onSignal, run } from '../../../runtime/index.ts';
import { tree } from '../../machine/tree.ts';
import { warningsOf } from '../warnings.ts';

/** Not SIGINT: the test runner listens to that one as well. */
const SIGNAL = 'SIGUSR2';

describe('onSignal', () => {
  it('calls the handler in a step of its own, for each signal, until it is taken away', async function () {
    if (process.platform === 'win32') this.skip();
    const heard: string[] = [];
    await run(async () => {
      for (let n = 0; n < 2; n++) {
        const came = new Future<void>();
        const off = onSignal(SIGNAL, (signal) => {
          heard.push(signal);
          came.resolve();
        });
        process.kill(process.pid, SIGNAL);
        assert.equal(heard.length, n);
        // A handle keeps the process alive until the signal arrives: a wait for one does not.
        const alive = setInterval(() => {}, 1000);
        await came;
        clearInterval(alive);
        off();
        off();
      }
    });
    assert.deepEqual(heard, [SIGNAL, SIGNAL]);
    assert.equal(process.listenerCount(SIGNAL), 0);
  });

  it('warns of a handler that throws, and calls the others', async function () {
    if (process.platform === 'win32') this.skip();
    const warnings = await warningsOf(() =>
      run(async () => {
        const came = new Future<void>();
        const offs = [
          onSignal(SIGNAL, () => {
            throw new Error('bad');
          }),
          onSignal(SIGNAL, () => came.resolve()),
        ];
        process.kill(process.pid, SIGNAL);
        const alive = setInterval(() => {}, 1000);
        await came;
        clearInterval(alive);
        for (const off of offs) off();
      }),
    );
    assert.match(warnings[0]!.text, /the handler of SIGUSR2 threw: Error: bad/);
  });

  it('refuses what is no signal, and signals that cannot be handled', () => {
    const handler = (): void => {};
    assert.throws(
      () => onSignal('SIGNAL' as never, handler),
      /needs the name of a signal, such as 'SIGINT', not "SIGNAL"/,
    );
    assert.throws(() => onSignal('toString' as never, handler), TypeError);
    assert.throws(() => onSignal('SIGKILL', handler), /SIGKILL cannot be handled by anybody/);
    assert.throws(() => onSignal('SIGINT', 3 as never), /needs a function to call, not 3/);
  });
});

describe('run with `interrupt`', () => {
  const library = pathToFileURL(join(tree, 'build/runtime/index.js')).href;
  const ran = (program: string) => {
    const text = `import { run, sleep } from ${JSON.stringify(library)}; ${program}`;
    const { stdout, stderr, status, signal } = spawnSync(
      process.execPath,
      ['--input-type=module', '-e', text],
      {
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: '' },
        timeout: 9000,
      },
    );
    return { lines: stdout.trim().split('\n'), stderr, status, signal };
  };
  const interrupt = `process.kill(process.pid, 'SIGINT')`;

  before(function () {
    if (process.platform === 'win32') this.skip();
  });

  it('cancels main at the first SIGINT, runs its clean-up, and leaves no handler behind', () => {
    const { lines, stderr, status } = ran(`
      try {
        await run(function* () {
          try {
            ${interrupt};
            yield* sleep(8000);
          } finally {
            yield* sleep(1);
            console.log('cleaned up');
          }
        }, { interrupt: true });
      } catch (error) {
        console.log(error.name, error.reason, process.listenerCount('SIGINT'));
      }`);
    assert.deepEqual(
      { lines, stderr, status },
      { lines: ['cleaned up', 'CancelledError SIGINT 0'], stderr: '', status: 0 },
    );
  });

  it('ends the process by the signal and without a word when nothing catches that, behind its exit listeners', () => {
    for (const started of ['await run', 'run']) {
      const { lines, stderr, status, signal } = ran(`
        process.on('exit', (code) => console.log('exit', code));
        ${started}(async () => {
          try {
            ${interrupt};
            await sleep(8000);
          } finally {
            await sleep(1);
            console.log('cleaned up');
          }
        }, { interrupt: true });`);
      assert.deepEqual(
        { lines, stderr, status, signal },
        { lines: ['cleaned up', 'exit 130'], stderr: '', status: null, signal: 'SIGINT' },
      );
    }
  });

  it('has status 130 where somebody else listens to SIGINT, and leaves an error of the clean-up to Node', () => {
    const listened = ran(`
      process.on('SIGINT', () => {});
      await run(async () => { ${interrupt}; await sleep(8000); }, { interrupt: true });`);
    assert.deepEqual([listened.stderr, listened.status, listened.signal], ['', 130, null]);
    const failed = ran(`
      await run(async () => {
        try { ${interrupt}; await sleep(8000); } finally { throw new Error('spilt'); }
      }, { interrupt: true });`);
    assert.match(failed.stderr, /Error: spilt/);
    assert.deepEqual([failed.status, failed.signal], [1, null]);
  });

  it('leaves the end to who listens to uncaught errors', () => {
    const { lines, status } = ran(`
      process.on('uncaughtException', (error) => console.log(error.name));
      await run(async () => { ${interrupt}; await sleep(8000); }, { interrupt: true });`);
    assert.deepEqual([lines, status], [['CancelledError'], 0]);
  });

  it('lets the second SIGINT end the process', () => {
    const { lines, signal } = ran(`
      await run(function* () {
        try {
          ${interrupt};
          yield* sleep(8000);
        } finally {
          console.log('cleans up');
          ${interrupt};
          yield* sleep(8000);
          console.log('not reached');
        }
      }, { interrupt: true });`);
    assert.deepEqual({ lines, signal }, { lines: ['cleans up'], signal: 'SIGINT' });
  });

  it('touches no signal without it', () => {
    const { lines, signal } = ran(`
      await run(function* () {
        console.log(process.listenerCount('SIGINT'));
        ${interrupt};
        yield* sleep(8000);
      });`);
    assert.deepEqual({ lines, signal }, { lines: ['0'], signal: 'SIGINT' });
  });
});
