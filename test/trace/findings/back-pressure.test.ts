import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const waiting = `0 0 activationBegin id=1 name="check" kind=async-function
  1 0 resourceBegin id=2 site="a.ts:10:10 call statusOf" name="made at a.ts:10" kind=promise
  2 0 wait id=1 site="a.ts:17:1 await check | statusOf(port)" for=2 reason=future`;
const unread =
  '9 0 fact site="a.ts:10:10 call statusOf | " text="IncomingMessage" amount=65000 what=unread-stream';
const found = (text: string): string[] => findingsOf(text).filter((line) => line.includes('back-pressure'));

describe('a stream whose end is awaited, and that nobody reads', () => {
  it('is told with who waits for the promise that its end settles', () => {
    deepEqual(found(`${waiting}\n${unread}`), [
      'error back-pressure: check waits for the end of a stream at a.ts:10, the IncomingMessage holds 65 kB, and nobody reads it: ' +
        'it ends when all has been read. Read it, or drop what comes with `resume()`.',
    ]);
  });

  it('is nothing to tell of where nobody waits any more', () => {
    deepEqual(found(`${waiting}\n${unread}\n10 0 run id=1\n11 0 activationEnd id=1 outcome=ok`), []);
  });
});
