import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const MS = 1e6;
const found = (text: string): string[] =>
  findingsOf(text).filter((line) => line.includes(' repeated-failure: '));

const begin = '0 0 activationBegin id=1 name="sync" kind=async-function site="a.ts:9:1 function sync"';
/** `sync` awaits `load`, which fails or not; a pause of its own comes before. */
const attempt = (i: number, outcome: string, everyMs = 400): string => {
  const t = i * everyMs * MS;
  return `
    ${t + 1} 0 run id=1
    ${t + 2} 0 activationBegin id=${i + 10} parent=1 name="load" kind=async-function site="a.ts:3:1 function load"
    ${t + 3} 0 wait id=${i + 10} site="a.ts:4:5 await load | get()" for=90 reason=io
    ${t + 4} 0 wait id=1 site="a.ts:12:7 await! sync | load()" for=${i + 10} reason=task direct
    ${t + 5 * MS} 0 run id=${i + 10}
    ${t + 5 * MS + 1} 0 activationEnd id=${i + 10} ${outcome}
    ${t + 5 * MS + 2} 0 run id=1
    ${t + 5 * MS + 3} 0 wait id=1 site="a.ts:15:7 await! sync | sleep(400)" for=91 reason=timer`;
};
const FAILS = 'outcome=error error="Error: 404"';
const run = (...outcomes: string[]): string => {
  const attempts = outcomes.map((outcome, i) => attempt(i, outcome)).join('\n');
  return begin + attempts.replace('\n    1 0 run id=1', '');
};

describe('a function that fails again and again', () => {
  it('is told with its caller, the pauses and the last error', () => {
    assert.deepEqual(found(run(FAILS, FAILS, FAILS)), [
      'warning repeated-failure: load failed 3 times in a row for sync at a.ts:12, at last with Error: 404: ' +
        'the pauses between took 790 ms of 805 ms. What does not pass by itself needs no other try.',
    ]);
  });

  it('is none where it passed at last, or failed twice, or another goes on meanwhile', () => {
    assert.deepEqual(found(run(FAILS, FAILS, FAILS, 'outcome=ok')), []);
    assert.deepEqual(found(run(FAILS, FAILS)), []);
    const beside = `${3 * MS} 0 activationBegin id=50 parent=1 name="load" kind=async-function site="a.ts:3:1 function load"`;
    assert.deepEqual(
      found(
        run(FAILS, FAILS, FAILS).replace(
          `\n    ${5 * MS} 0 run id=10`,
          `\n${beside}\n    ${5 * MS} 0 wait id=50 for=92 reason=io\n    ${5 * MS} 0 run id=10`,
        ) + `\n${900 * MS} 0 run id=50\n${900 * MS} 0 activationEnd id=50 outcome=ok`,
      ),
      [],
    );
  });

  it('is told of one that is tried again at once, where its caller fails so, too', () => {
    const hot = (count: number): string =>
      Array.from({ length: count }, (_, i) => attempt(i, FAILS, 6))
        .join('\n')
        .replace('\n    1 0 run id=1', '');
    const end = (outcome: string): string =>
      `\n${100 * MS} 0 run id=1\n${100 * MS + 1} 0 activationEnd id=1 ${outcome}`;
    assert.deepEqual(found(begin + hot(5) + end(FAILS)), [
      'warning repeated-failure: load failed 5 times in a row for sync at a.ts:12, at last with Error: 404, ' +
        'each time at once after the one before: 29 ms. Wait longer after each failure, and do not try again what does not pass by itself.',
    ]);
    assert.deepEqual(found(begin + hot(4) + end(FAILS)), []);
    assert.deepEqual(found(begin + hot(5) + end('outcome=ok')), []);
    assert.deepEqual(found(begin + hot(5) + end('outcome=error error="Error: late"')), []);
    assert.deepEqual(found(begin + hot(5)), []);
    assert.equal(found(begin + hot(20)).length, 1);
  });

  it('is none where nobody paused between, or the pauses are little of the time', () => {
    const quick = [0, 1, 2]
      .map((i) => attempt(i, FAILS, 6))
      .join('\n')
      .replace('\n    1 0 run id=1', '');
    assert.deepEqual(found(begin + quick), []);
    const long = `${60_000 * MS} 0 run id=1\n${60_000 * MS} 0 activationEnd id=1 outcome=ok`;
    assert.deepEqual(found(`${run(FAILS, FAILS, FAILS)}\n${long}`), []);
  });
});
