import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const MS = 1_000_000;
const rule = (...text: string[]): string[] =>
  findingsOf(text.join('\n')).filter((line) => /lock-convoy|not-released/.test(line));
const begin = `
  0 0 processBegin pid=100 argv="/usr/bin/node\\n/home/me/app.mjs" language=node
  0 0 laneBegin name="main" kind=main
  0 0 activationBegin id=1 name="first" site="app.mjs:3:1 function first" kind=async-function
  0 0 resourceBegin creator=1 id=2 name="mutex" kind=foreign
  0 0 wait id=1 site="app.mjs:4:3 await first | mutex.acquire()" for=2 reason=future direct
  ${1 * MS} 0 run id=1 waker=external`;
/** The first task has it, and works for so long. */
const works = `
  ${1 * MS} 0 wait id=1 site="app.mjs:5:3 await first | write()" reason=io direct`;
/** A task that waits for it for 50 ms, by a timer of its own. */
const gives = (id: number, limit = 50): string => `
  ${2 * MS} 0 activationBegin id=${id} name="other" site="app.mjs:9:1 function other" kind=async-function
  ${2 * MS} 0 resourceBegin creator=${id} id=${id + 100} name="setTimeout ${limit} ms" kind=timer
  ${2 * MS} 0 wait id=${id} site="app.mjs:10:3 await other | mutex.acquire()" for=2 reason=future direct`;
const up = (id: number, atMs = 52): string => `
  ${atMs * MS} 0 activationBegin id=${id + 200} name="setTimeout callback" of=${id + 100} kind=timer-callback
  ${atMs * MS} 0 wake woken=${id} waker=${id + 200}
  ${atMs * MS} 0 activationEnd id=${id + 200} outcome=ok
  ${atMs * MS} 0 run id=${id} waker=${id + 200} waker=known
  ${atMs * MS} 0 activationEnd id=${id} outcome=error`;
const end = `
  ${121 * MS} 0 run id=1 waker=external
  ${121 * MS} 0 activationEnd id=1 outcome=ok
  ${121 * MS} 0 processEnd how=exit`;

describe('a wait for a lock that its time limit ended', () => {
  it('is told with who had it, and for how long', () => {
    deepEqual(rule(begin, works, gives(10), gives(11), up(10), up(11), end), [
      'warning lock-convoy: other#1 and other#2 gave up waiting for mutex at app.mjs:10 after 50 ms, while first ' +
        '(app.mjs:3) had it: that took 120 ms. Let them wait longer than a turn takes, or do less in a turn.',
    ]);
  });

  it('is told of who had ended without giving it back', () => {
    const left = `
      ${1 * MS} 0 activationEnd id=1 outcome=ok site="app.mjs:6:3 return first"`;
    const exit = `
      ${121 * MS} 0 processEnd how=exit`;
    deepEqual(rule(begin, left, gives(10), up(10), exit), [
      'warning not-released: first took mutex at app.mjs:4 and ended at app.mjs:6 without giving it back: other ' +
        'gave up waiting for mutex at app.mjs:10 after 50 ms. Give mutex back in a `finally`.',
    ]);
  });

  it('is none where it ended long before the limit', () => {
    deepEqual(rule(begin, works, gives(10, 500), up(10), end), []);
  });
});
