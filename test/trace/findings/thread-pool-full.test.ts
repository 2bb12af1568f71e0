import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const begin = `
  0 0 resourceBegin id=90 name="the thread pool of libuv" capacity=2 kind=thread-pool bounded
  0 0 resourceBegin id=91 name="readFile" kind=io
  0 0 activationBegin id=1 name="settings" kind=async-function
  0 0 wait id=1 site="a.js:14:5 await! settings | readFile(path)" reason=io for=91
`;
const job = (fromMs: number, untilMs: number, name = 'pbkdf2', line = 9): string =>
  `${untilMs}000000 0 fact site="a.js:${line}:3 line hash" text="${name}" amount=${untilMs - fromMs}000 what=pool-job`;
const end = (ms: number): string =>
  `${ms}000000 0 run id=1 resource=91 waker=external\n${ms}000001 0 activationEnd id=1 outcome=ok`;
const rule = (text: string): string[] =>
  findingsOf(text).filter((finding) => finding.includes('thread-pool'));

describe('a full thread pool', () => {
  it('is told of a file that waited behind as many long jobs as there are threads', () => {
    assert.deepEqual(rule([begin, job(0, 180), job(0, 190), job(0, 380), job(0, 390), end(391)].join('\n')), [
      "warning thread-pool-full: `readFile` at a.js:14 waited 391 ms behind 4 pbkdf2 jobs (a.js:9) on the 2 threads of libuv's pool. A larger UV_THREADPOOL_SIZE, or fewer of these jobs at once, lets it through.",
    ]);
  });

  it('is none where a thread was free, or free for much of the time', () => {
    assert.deepEqual(rule([begin, job(0, 390), end(391)].join('\n')), []);
    assert.deepEqual(rule([begin, job(0, 100), job(0, 100), end(391)].join('\n')), []);
  });

  it('is none where long jobs wait for each other alone, or where the wait is short', () => {
    const alone = [job(0, 180), job(0, 190), job(0, 380), job(0, 390)].join('\n');
    assert.deepEqual(rule(`${begin.split('\n').slice(0, 2).join('\n')}\n${alone}`), []);
    assert.deepEqual(rule([begin, job(0, 40), job(0, 45), end(50)].join('\n')), []);
  });

  it('counts jobs with a callback, and each only where it was slow', () => {
    assert.deepEqual(
      rule(
        [
          begin.split('\n').slice(0, 2).join('\n'),
          job(0, 200, 'gzip'),
          job(0, 201, 'gzip'),
          job(10, 202, 'lookup', 3),
          job(12, 203, 'stat', 4),
        ].join('\n'),
      ).map((finding) => finding.replace(/ A larger.*/, '')),
      [
        "warning thread-pool-full: `lookup` at a.js:3 waited 192 ms behind 2 gzip jobs (a.js:9) on the 2 threads of libuv's pool. So did 1 other.",
      ],
    );
  });
});
