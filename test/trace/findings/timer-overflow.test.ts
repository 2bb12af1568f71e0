import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const rule = (...text: string[]): string[] =>
  findingsOf(text.join('\n')).filter((line) => line.includes('timer-overflow'));
const begin = (language: string): string => `
  0 0 processBegin pid=100 argv="/usr/bin/node\\n/home/me/app.mjs" language=${language}
  0 0 laneBegin name="main" kind=main
  0 0 activationBegin id=1 name="keep" site="app.mjs:1:1 function keep" kind=async-function`;
const sleep = (name: string): string => `
  1000 0 resourceBegin creator=1 id=2 name="${name}" kind=timer
  1000 0 wait id=1 site="app.mjs:4:3 await keep | sleep(ms)" for=2 reason=timer direct
  2000 0 run id=1 resource=2 waker=external
  9000 0 activationEnd id=1 outcome=ok
  9000 0 processEnd how=exit`;

describe('a timer that is set for longer than Node can wait', () => {
  it('is told with the line that waits for it, and what Node takes instead', () => {
    deepEqual(rule(begin('node'), sleep('setTimeout 4294967296 ms')), [
      'warning timer-overflow: `setTimeout` for app.mjs:4 was to wait 4294967296 ms (49.7 days), and Node took ' +
        '1 ms instead, since more than 2147483647 ms do not fit: it came at once. Wait for at most that long, ' +
        'and set it again for what is left.',
    ]);
    deepEqual(rule(begin('node'), sleep('setTimeout Infinity ms')).length, 1);
  });

  it('is none up to the longest that fits, nor in another language', () => {
    deepEqual(rule(begin('node'), sleep('setTimeout 2147483647 ms')), []);
    deepEqual(rule(begin('python'), sleep('setTimeout 4294967296 ms')), []);
  });
});
