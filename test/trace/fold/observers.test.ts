import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import type { Observer } from '../../../runtime/trace/fold/observer.ts';
import { REASON } from '../../../runtime/trace/format/kinds.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';
import { State, STATE_NAMES } from '../../../runtime/trace/model/state.ts';
import { Trace } from '../../../runtime/trace/model/trace.ts';

const RECORDS = `
  0 0 activationBegin id=1 name="f" site="a.ts:1:1 function f" kind=async-function
  10 0 wait id=1 reason=timer
  20 0 wake woken=1
  30 0 run id=1
  40 0 wait id=1 reason=io
  50 0 wake woken=1
  60 0 run id=1
  70 0 activationEnd id=1 outcome=ok
`;

/** What an observer with these wishes is told. */
function told(wishes: Pick<Observer, 'rowStates' | 'waitReasons'>): string[] {
  const log: string[] = [];
  const observer: Observer = {
    ...wishes,
    rowChanged: ({ state, t }) => log.push(`${t} ${STATE_NAMES[state]}`),
    waitEnded: ({ startNs, endNs }) => log.push(`waited ${startNs} to ${endNs}`),
  };
  new Fold([observer], new Trace()).feed(0, fromText(RECORDS));
  return log;
}

describe('What an observer is told', () => {
  it('is each change of a row and each wait, where it asks for no choice', () => {
    const all = told({});
    assert.equal(all.length, 10);
    assert.ok(all.includes('waited 10 to 20') && all.includes('waited 40 to 50'));
  });

  it('is the changes into the states that it names', () => {
    assert.deepEqual(told({ rowStates: [State.ended], waitReasons: [] }), ['70 ended']);
  });

  it('is the waits of the reasons that it names', () => {
    assert.deepEqual(told({ rowStates: [], waitReasons: [REASON.io] }), ['waited 40 to 50']);
  });
});
