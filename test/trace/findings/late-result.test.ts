import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const MS = 1_000_000;
const rule = (...text: string[]): string[] =>
  findingsOf(text.join('\n')).filter((line) => line.includes('late-result'));
const begin = `
  0 0 processBegin pid=100 argv="/usr/bin/node\\n/home/me/app.mjs"
  0 0 laneBegin name="main" kind=main
  0 0 activationBegin id=1 name="ask" site="app.mjs:9:1 function ask" kind=async-function
`;
/** A run of `price` that takes so long, raced by `ask` against a timer of 100 ms. */
function attempt(i: number, tookMs: number, outcome = 'ok'): string {
  const at = i * 3000 * MS;
  const [task, race] = [10 + i, 100 + i];
  const isInTime = tookMs < 100;
  const end = `${at + tookMs * MS} 0 activationEnd id=${task} outcome=${outcome}`;
  const decides = isInTime
    ? `${at + tookMs * MS} 0 group parent=1 group=${race} child=${task} count=2 kind=race decides`
    : `${at + 100 * MS} 0 group parent=1 group=${race} index=1 count=2 kind=race decides`;
  const run = `${at + Math.min(100, tookMs) * MS} 0 run id=1 waker=${isInTime ? task : 'external'}`;
  return [
    `${at} 0 activationBegin id=${task} parent=1 name="price" site="app.mjs:3:1 function price" kind=async-function`,
    `${at} 0 wait id=${task} site="app.mjs:4:3 await price | fetch(url)" reason=io`,
    `${at} 0 resourceBegin creator=1 id=${race} name="Promise.race" capacity=2 kind=group`,
    `${at} 0 group parent=1 group=${race} child=${task} count=2 kind=race`,
    `${at} 0 group parent=1 group=${race} index=1 count=2 kind=race`,
    `${at} 0 wait id=1 site="app.mjs:12:9 await ask | Promise.race([work, limit])" for=${race} reason=group`,
    ...(isInTime ? [end, decides, run] : [decides, run, end]),
  ].join('\n');
}
const over = `${20_000 * MS} 0 activationEnd id=1 outcome=ok\n${20_000 * MS} 0 processEnd how=exit`;

describe('work that comes too late for its limit', () => {
  it('is told where each run ended soon after it had been given up', () => {
    deepEqual(rule(begin, attempt(0, 120), attempt(1, 130), attempt(2, 140), over), [
      'warning late-result: All 3 runs of price (app.mjs:3) ended after Promise.race at app.mjs:12 had given up: ' +
        'they took 130 ms at the median, and it waited for 100 ms. Nobody got what they brought. ' +
        'Wait longer than that, or stop the work by an AbortSignal.',
    ]);
  });

  it('is none where most came in time', () => {
    deepEqual(
      rule(begin, attempt(0, 120), attempt(1, 50), attempt(2, 50), attempt(3, 130), attempt(4, 140), over),
      [],
    );
  });

  it('is none where the work was stopped, or took far longer than anybody would wait', () => {
    deepEqual(rule(begin, ...[0, 1, 2].map((i) => attempt(i, 120, 'cancelled')), over), []);
    deepEqual(rule(begin, ...[0, 1, 2].map((i) => attempt(i, 2000)), over), []);
  });
});
