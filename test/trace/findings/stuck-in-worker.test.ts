import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const S = 1_000_000_000;
const rule = (...text: string[]): string[] =>
  findingsOf(text.join('\n')).filter((line) => line.includes('never-settled'));
const begin = `
  0 0 processBegin pid=100 argv="/usr/bin/node\\n/home/me/app.mjs" language=node
  0 0 laneBegin name="main" kind=main
  0 0 activationBegin id=1 name="main" site="app.mjs:1:1 function main" kind=async-function
  0 0 resourceBegin creator=1 id=2 name="pool" kind=foreign
  0 0 wait id=1 site="app.mjs:4:3 await main | pool.run(7)" for=2 reason=future direct
  1000 1 laneBegin name="worker#2" kind=worker
  1100 1 activationBegin id=4097 name="price" site="price.mjs:1:1 function price" kind=async-function`;
const stuck = (target: string): string => `
  1200 1 resourceBegin id=4098 name="${target}" kind=event
  1300 1 wait id=4097 site="price.mjs:2:3 await price | once(rates, '${target}')" for=4098 reason=event direct`;
const interrupted = `
  ${4 * S} 0 processEnd signal=2 how=signal`;

describe('a worker that is stuck in what it was given', () => {
  it('is told before who waits for the pool', () => {
    deepEqual(rule(begin, stuck('loaded'), interrupted), [
      'error never-settled: price in worker#2 waited at price.mjs:2 for event loaded, which did not come, and ' +
        'main waited at app.mjs:4 for what the worker was to give; nothing else had happened for 4.00 s when ' +
        'SIGINT came. Each way through the function in the worker has to come to an end.',
    ]);
  });

  it('is none where it waits for its next message, or for the world', () => {
    deepEqual(rule(begin, stuck('message'), interrupted), []);
    const asks = `
      1300 1 wait id=4097 site="price.mjs:2:3 await price | fetch(url)" reason=io direct`;
    deepEqual(rule(begin, asks, interrupted), []);
  });
});
