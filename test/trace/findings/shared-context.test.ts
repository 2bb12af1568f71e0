import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const LOAD = 'site="a.ts:34:5 await! quote | prices.load(id)"';
/** Two requests wait at one line for what the first of them began. */
const records = (parent: number, secondSite = LOAD): string => `
  0 0 activationBegin id=1 name="handle" kind=async-function
  1 0 wait id=1 ${LOAD} reason=future
  2 0 activationBegin id=2 name="handle" kind=async-function
  3 0 wait id=2 ${secondSite} reason=future
  4 0 activationBegin id=3 parent=${parent} name="flush" kind=async-function
  5 0 activationEnd id=3 outcome=ok
  6 0 wake woken=1 waker=3
  7 0 run id=1 waker=3 waker=known
  8 0 activationEnd id=1 outcome=ok
  9 0 wake woken=2 waker=3
  10 0 run id=2 waker=3 waker=known
  11 0 fact id=3 site="a.ts:19:5 line tenant" what=context-reader
  11 0 fact id=2 ${secondSite} what=context-mixed
  12 0 activationEnd id=2 outcome=ok`;
const found = (text: string): string[] => findingsOf(text).filter((line) => line.includes('shared-context'));

describe('a batch in the context of its first caller', () => {
  it('is told with whom it worked for, and where it read the context', () => {
    deepEqual(found(records(1)), [
      'warning shared-context: flush worked for handle#2 in the context of the first caller, handle#1: all wait for it at ' +
        'a.ts:34, and the store of the AsyncLocalStorage that it read at a.ts:19 in tenant is that of the first. Make what ' +
        'they share anew for each request, or give it with each call what it takes from the context.',
    ]);
  });

  it('is none where the one that read was begun by another, or waited for elsewhere', () => {
    deepEqual(found(records(0)), []);
    deepEqual(found(records(1, 'site="a.ts:50:5 await! chat | message()"')), []);
  });
});
