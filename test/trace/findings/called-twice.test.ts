import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const fact = (t: number, amount: number, text = 'pay done'): string =>
  `${t} 0 fact site="a.cjs:28:5 call pay | " called="a.cjs:27:16 call pay | " text="${text}" amount=${amount} what=called-twice`;

describe('a callback that was called twice', () => {
  it('is told once for its lines, with how often', () => {
    const words = (runs: string, fn: string): string =>
      `warning called-twice: ${runs} of ${fn} called \`done\` at a.cjs:27, and once more at a.cjs:28: whoever gave it ` +
      'went on twice. Return after the first call.';
    deepEqual(findingsOf(fact(1, 1)), [words('1 run', '`pay`')]);
    deepEqual(findingsOf(`${fact(1, 1)}\n${fact(2, 2)}`), [words('2 runs', '`pay`')]);
    deepEqual(findingsOf(fact(1, 1, '<anonymous> done')), [words('1 run', 'a function')]);
  });

  it('is told of a `try` and its `catch`, and before the error that ended the program there', () => {
    const thrown = '3 0 fact site="a.cjs:28:5 line pay" text="Error: called already" what=uncaught';
    deepEqual(findingsOf(`${fact(1, 1, 'pay done caught')}\n${thrown}`), [
      'error called-twice: 1 run of `pay` called `done` at a.cjs:27 in a `try`, which threw, and once more in its `catch` at ' +
        'a.cjs:28: whoever gave it went on twice. Call it behind the `try`, so that what it throws does not come into the ' +
        '`catch`.',
      'error uncaught-error: Nobody caught Error: called already, thrown at a.cjs:28.',
    ]);
  });
});
