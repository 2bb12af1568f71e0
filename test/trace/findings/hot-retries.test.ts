import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const MS = 1_000_000;
const begin = (id: number): string =>
  `0 0 activationBegin id=${id} name="ask" site="app.mjs:3:1 function ask" kind=async-function`;
const process = `
  0 0 processBegin pid=100 argv="/usr/bin/node\\n/home/me/app.mjs"
  0 0 laneBegin name="main" kind=main`;
const failed = (ms: number, amount: number, id = 1, text = 'status 503'): string =>
  `${ms * MS} 0 fact id=${id} site="app.mjs:5:9 await ask | fetch(url)" text="${text}" amount=${amount} what=retried`;
const rule = (...text: string[]): string[] =>
  findingsOf([process, ...text].join('\n')).filter((line) => line.includes('repeated-failure'));
const words = (who: string, times: string, within: string, why = ', at last with status 503'): string =>
  `warning repeated-failure: ${who} asked \`fetch(url)\` again at once each time it had failed, at app.mjs:5: ` +
  `at least ${times} times in a row within ${within}${why}. ` +
  'Wait before each further try, longer each time, and give up in the end.';

describe('an await that asks again at once after each failure', () => {
  it('is told with how often, and for how long', () => {
    deepEqual(rule(begin(1), failed(10, 16), failed(80, 32), failed(200, 64)), [
      words('ask', '64', '190 ms'),
    ]);
    deepEqual(rule(begin(1), failed(10, 16, 1, ''), failed(200, 64, 1, '')), [
      words('ask', '64', '190 ms', ''),
    ]);
  });

  it('is told once of all that did so', () => {
    deepEqual(
      rule(begin(1), begin(2), failed(10, 16), failed(20, 16, 2), failed(150, 32), failed(300, 64, 2)),
      [words('ask#1 and ask#2', '64', '290 ms')],
    );
  });

  it('is none where it paused, came through soon, or began anew', () => {
    deepEqual(rule(begin(1), failed(500, 16), failed(1000, 32), failed(2000, 64)), []);
    deepEqual(rule(begin(1), failed(10, 16), failed(50, 32)), []);
    deepEqual(rule(begin(1), failed(10, 16), failed(300, 16), failed(310, 32)), []);
  });
});
