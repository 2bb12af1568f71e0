import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { Future, onSignal, run } from '../../runtime/index.ts';
import { warningsOf } from './warnings.ts';

/** Not SIGINT, to which the one who runs the tests listens as well. */
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
        // A handle keeps the process alive while the signal is on its way: waiting for one does not.
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

  it('makes a warning of what a handler throws, and the others are called', async function () {
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

  it('refuses what is no signal, and signals that nobody can handle', () => {
    const handler = (): void => {};
    assert.throws(
      () => onSignal('SIGNAL' as never, handler),
      /needs the name of a signal, such as 'SIGINT', not SIGNAL/,
    );
    assert.throws(() => onSignal('toString' as never, handler), TypeError);
    assert.throws(() => onSignal('SIGKILL', handler), /SIGKILL cannot be handled by anybody/);
    assert.throws(() => onSignal('SIGINT', 3 as never), /needs a function to call, not number/);
  });
});
