import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const MS = 1_000_000;
const rule = (...text: string[]): string[] =>
  findingsOf(text.join('\n')).filter((line) => line.includes('one-by-one'));
const begin = (name: string): string => `
  0 0 processBegin pid=100 argv="/usr/bin/node\\n/home/me/app.mjs" language=node
  0 0 laneBegin name="main" kind=main
  0 0 activationBegin id=1 name="main" site="app.mjs:1:1 function main" kind=async-function
  0 0 resourceBegin creator=1 id=2 name="${name}" kind=foreign
  0 0 wait id=1 site="app.mjs:9:3 await main | ${name}(all)" for=2 reason=future direct`;
/** A run of \`send\` that begins at so many ms and takes 50 ms. */
const run = (i: number, atMs: number): string => `
  ${atMs * MS} 0 activationBegin id=${10 + i} parent=1 name="send" site="app.mjs:3:1 function send" kind=async-function
  ${atMs * MS} 0 wait id=${10 + i} site="app.mjs:4:3 await send | post()" reason=io direct`;
const runEnd = (i: number, atMs: number): string => `
  ${(atMs + 50) * MS} 0 run id=${10 + i} waker=external
  ${(atMs + 50) * MS} 0 activationEnd id=${10 + i} outcome=ok`;
const end = (atMs: number): string => `
  ${atMs * MS} 0 run id=1 waker=external
  ${atMs * MS} 0 activationEnd id=1 outcome=ok
  ${atMs * MS} 0 processEnd how=exit`;
const inSeries = [0, 1, 2, 3, 4, 5].map((i) => run(i, 50 * i) + runEnd(i, 50 * i));

describe('a limiter that lets one run go on at a time', () => {
  it('is told with what the runs would take together', () => {
    deepEqual(rule(begin('limit'), ...inSeries, end(300)), [
      'warning one-by-one: limit let one run of send (app.mjs:3) go on at a time while main waited at app.mjs:9: ' +
        '6 runs one after another, 300 ms of 300 ms; together they would take 50 ms. ' +
        'If their order does not matter, let more of them run at once.',
    ]);
  });

  it('is none where two ran at once, or where it is a lock by its name', () => {
    const pairs = [0, 2, 4].map(
      (i) => run(i, 50 * i) + run(i + 1, 50 * i) + runEnd(i, 50 * i) + runEnd(i + 1, 50 * i),
    );
    deepEqual(rule(begin('limit'), ...pairs, end(250)), []);
    deepEqual(rule(begin('mutex'), ...inSeries, end(300)), []);
  });

  it('is information where little of the program’s time went that way', () => {
    const goesOn = `
      ${300 * MS} 0 run id=1 waker=external
      ${300 * MS} 0 wait id=1 site="app.mjs:10:3 await main | fetch(url)" reason=io direct`;
    deepEqual(
      rule(begin('limit'), ...inSeries, goesOn, end(1200)).map((line) => line.split(' ')[0]),
      ['info'],
    );
  });
});
