import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const MS = 1_000_000;
const rule = (...text: string[]): string[] =>
  findingsOf(text.join('\n')).filter((line) => line.includes('never-awaited'));
const begin = `
  0 0 processBegin pid=100 argv="/usr/bin/node\\n/home/me/app.mjs" language=node
  0 0 laneBegin name="main" kind=main
  0 0 activationBegin id=1 name="main" site="app.mjs:1:1 function main" kind=async-function
  ${1 * MS} 0 resourceBegin id=2 name="close" kind=event
  ${1 * MS} 0 wait id=1 site="app.mjs:9:3 await main | once(lines, 'close')" for=2 reason=event direct`;
const listener = (id: number, line = 5): string => `
  ${2 * MS} 0 activationBegin id=${id} name="on('line') callback" site="app.mjs:${line}:18 function on('line') callback" kind=async-function
  ${2 * MS} 0 wait id=${id} site="app.mjs:${line + 1}:5 await on('line') callback | save(line)" reason=io direct`;
const ends = (id: number, at: number): string => `
  ${at} 0 run id=${id} waker=external
  ${at} 0 activationEnd id=${id} outcome=ok`;
const closes = `
  ${3 * MS} 0 run id=1 resource=2 waker=external`;
const over = `
  ${3.1 * MS} 0 activationEnd id=1 outcome=ok`;
const exit = `
  ${20 * MS} 0 processEnd how=exit`;

describe('an async listener that nobody waits for', () => {
  it('is told where the program went on at the end of its source while runs of it waited', () => {
    deepEqual(
      rule(begin, listener(10), listener(11), closes, over, ends(10, 9 * MS), ends(11, 9 * MS), exit),
      [
        'warning never-awaited: main went on at app.mjs:9 while both runs of the async listener for `line` at ' +
          'app.mjs:5 still waited at app.mjs:6: nobody waits for what it returns. Use `for await`, or gather its ' +
          'promises and await them at the end.',
      ],
    );
  });

  it('is none where all of them had ended', () => {
    deepEqual(rule(begin, listener(10), ends(10, 2.5 * MS), closes, over, exit), []);
  });

  it('is none where who went on waited for what one of them brought', () => {
    const waits = `
      ${3.1 * MS} 0 wait id=1 site="app.mjs:10:3 await main | done" reason=future`;
    const woken = `
      ${9.1 * MS} 0 wake woken=1 waker=10
      ${9.1 * MS} 0 run id=1 waker=10 waker=known
      ${9.2 * MS} 0 activationEnd id=1 outcome=ok`;
    const others = listener(10) + listener(11);
    deepEqual(rule(begin, others, closes, waits, ends(10, 9 * MS), woken, ends(11, 10 * MS), exit), []);
  });

  it('is none where the listener stands far from what is waited for', () => {
    deepEqual(rule(begin, listener(10, 300), closes, over, ends(10, 9 * MS), exit), []);
  });
});
