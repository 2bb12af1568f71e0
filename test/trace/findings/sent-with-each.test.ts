import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

/** A pool of one process; a map of four chunks, each sent with 2 MB in 50 ms. */
const parent = (bytes = 2_000_000, us = 200_000): string => `
  0 0 processBegin pid=7 language=python method=program
  0 0 activationBegin id=1 name="main" kind=main
  1 0 resourceBegin creator=1 id=2 name="pool" kind=pool capacity=1 bounded site="a.py:8:5 call main"
  1 0 link id=1 way=send kind=spawn token=8 resource=2 attempt=1
  2 0 wait id=1 site="a.py:9:9 call main" for=2 reason=pool
  250000000 0 fact site="a.py:9:9 call main" text="resolve|places|4|${us}" amount=${bytes} what=sent-with-each
  300000000 0 run id=1
`;
const worker = (ranNs: number): string => `
  3 0 processBegin pid=8 parentPid=7 language=python method=fork
  10 0 activationBegin id=1 name="resolve" kind=chunk
  ${10 + ranNs} 0 activationEnd id=1 outcome=ok
`;
const found = (...parts: string[]): string[] =>
  findingsOf(...parts).filter((line) => line.includes('jobs-too-small'));

describe('what a map of a pool sends with each chunk', () => {
  it('is told where sending it took longer than the work', () => {
    assert.deepEqual(found(parent(), worker(1e6)), [
      'warning jobs-too-small: `places` is pickled and sent to the pool with each of 4 chunks of `resolve` (a.py:9): ' +
        '2.0 MB each time, 8.0 MB in all. Sending took 200 ms, the work 1.0 ms. Give it to each process once, ' +
        'by `initializer`, or make it before the pool forks, and send only what differs.',
    ]);
  });

  it('is nothing to tell of where the work took longer, or where it is little', () => {
    assert.deepEqual(found(parent(), worker(250e6)), []);
    assert.deepEqual(found(parent(90_000), worker(1e6)), []);
    assert.deepEqual(found(parent(2_000_000, 40_000), worker(1e6)), []);
  });
});
