import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const MS = 1_000_000;
const rule = (...text: string[]): string[] =>
  findingsOf(text.join('\n')).filter((line) => line.includes('beforeExit'));
const begin = `
  0 0 processBegin pid=100 argv="/usr/bin/node\\n/home/me/app.mjs" language=node
  0 0 laneBegin name="main" kind=main`;
const runs = (count: number): string =>
  Array.from(
    { length: count },
    (_, i) => `
  ${20 * i * MS} 0 activationBegin id=${i + 1} name="on('beforeExit') callback" site="app.mjs:5:26 function on('beforeExit') callback" kind=async-function
  ${20 * i * MS} 0 wait id=${i + 1} site="app.mjs:6:3 await on('beforeExit') callback | flush()" reason=io direct
  ${20 * (i + 1) * MS} 0 run id=${i + 1} waker=external
  ${20 * (i + 1) * MS} 0 activationEnd id=${i + 1} outcome=ok`,
  ).join('');
const end = (how: string): string => `
  ${2000 * MS} 0 processEnd ${how}`;

describe('work that a listener of beforeExit begins anew', () => {
  it('keeps the process from its end', () => {
    deepEqual(rule(begin, runs(50), end('signal=2 how=signal')), [
      'error kept-alive: The process never ended, since the listener of `beforeExit` at app.mjs:5 began new work ' +
        'each time nothing else was left to do, 50 times. Node tells of `beforeExit` again after each work: ' +
        'do it once, and only where something is left.',
    ]);
  });

  it('is none where the process ended by itself, or where it was begun a few times', () => {
    deepEqual(rule(begin, runs(50), end('how=exit')), []);
    deepEqual(rule(begin, runs(5), end('signal=2 how=signal')), []);
  });
});
