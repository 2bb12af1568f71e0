import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const MS = 1_000_000;
const begin = `
  0 0 processBegin pid=100 argv="/usr/bin/node\\n/home/me/app.mjs"
  0 0 laneBegin name="main" kind=main
  0 0 activationBegin id=1 name="sendAll" site="app.mjs:3:1 function sendAll" kind=async-function
`;
/** One of the function's waits for 100 ms. */
const turn = (i: number, line = 5): string =>
  `${i * 100 * MS} 0 wait id=1 site="app.mjs:${line}:5 await sendAll | send(mail)" reason=io
   ${(i * 100 + 99) * MS} 0 run id=1 waker=external`;
const turns = (from: number, to: number, line?: number): string =>
  Array.from({ length: to - from }, (_, i) => turn(from + i, line)).join('\n');
const aborted = (ms: number, others = 0): string =>
  `${ms * MS} 0 fact id=1 site="app.mjs:3:1 call sendAll | " called="app.mjs:20:3 call stop | stop.abort()" text="signal" amount=${others} what=aborted`;
/** A race of the task with a promise that the abort rejects. */
const raced = `
  0 0 resourceBegin creator=1 id=9 name="Promise.race" capacity=2 kind=group
  0 0 group parent=1 group=9 child=1 count=2 kind=race
  0 0 group parent=1 group=9 index=1 count=2 kind=race`;
const decided = (ms: number): string =>
  `${ms * MS} 0 group parent=1 group=9 index=1 count=2 kind=race decides`;
const heard = (ms: number): string => `${ms * MS} 0 fact id=1 what=abort-heard`;
const end = (ms: number): string =>
  `${ms * MS} 0 activationEnd id=1 outcome=ok\n${ms * MS} 0 processEnd how=exit`;

/** In the order of their times: an abort comes in the middle of a wait. */
function rule(...text: string[]): string[] {
  const lines = text.join('\n').trim().split('\n');
  lines.sort((a, b) => Number.parseInt(a) - Number.parseInt(b));
  return findingsOf([begin, ...lines].join('\n')).filter((line) => line.includes('ignored-abort'));
}
const words = (wentOn: string, times: number): string =>
  `warning ignored-abort: sendAll (app.mjs:3) went on for ${wentOn} after its \`signal\` was aborted at app.mjs:20: ` +
  `it waited ${times} more times at app.mjs:5 \`send(mail)\`, and did not look at the signal. ` +
  'Call `signal.throwIfAborted()` in the loop, and hand the signal on to what it awaits.';

describe('a task that does not hear that its signal is aborted', () => {
  it('is told when it goes on as before', () => {
    deepEqual(rule(turns(0, 2), aborted(150), turns(2, 8), end(800)), [words('650 ms', 6)]);
  });

  it('is told as far as it went when somebody looks at last', () => {
    deepEqual(rule(turns(0, 2), aborted(150), turns(2, 6), heard(600), turns(6, 9), end(900)), [
      words('449 ms', 4),
    ]);
  });

  it('is told while it still goes on', () => {
    deepEqual(rule(turns(0, 2), aborted(150), turns(2, 6)), [words('449 ms', 4)]);
  });

  it('is told where another listened if a race has given the task up, and only then', () => {
    const go = [turns(0, 2), aborted(150, 1), turns(2, 8), end(800)];
    deepEqual(rule(...go), []);
    deepEqual(rule(raced, ...go), []);
    deepEqual(rule(raced, decided(151), ...go), [words('650 ms', 6)]);
  });

  it('is none where somebody looks soon, where it ends, or does something else', () => {
    deepEqual(rule(turns(0, 2), aborted(150), turns(2, 4), heard(400), turns(4, 9), end(900)), []);
    deepEqual(rule(turns(0, 2), aborted(150), turns(2, 4), end(400)), []);
    deepEqual(rule(turns(0, 2), aborted(150), turns(2, 9, 9), end(900)), []);
    deepEqual(rule(turns(0, 9), end(900), aborted(950)), []);
  });
});
