import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const found = (text: string): string[] =>
  findingsOf(text).filter((line) => line.includes(' released-early: '));

/** `countRows` takes `pool`, begins `query`, gives back at a line, and then waits at another. */
const run = (releasedAt: number, waitsAt: number, role = 'return', untilNs = 60e6): string => `
  0 0 resourceBegin id=90 site="a.ts:10:5 await! countRows | pool.acquire()" name="pool" kind=foreign
  0 0 activationBegin id=1 name="countRows" kind=async-function site="a.ts:9:1 function countRows"
  1 0 activationBegin id=2 parent=1 name="query" kind=async-function site="a.ts:2:1 function query"
  2 0 wait id=2 site="a.ts:3:5 await query | once(socket)" for=91 reason=event
  3 0 use by=1 resource=90 site="a.ts:${releasedAt}:5 call countRows | pool.release(connection)" how=call
  4 0 wait id=1 site="a.ts:${waitsAt}:5 ${role}! countRows | connection.query(sql)" for=2 reason=task direct
  ${untilNs} 0 run id=2
  ${untilNs + 1} 0 activationEnd id=2 outcome=ok
  ${untilNs + 2} 0 run id=1 waker=2 waker=known
  ${untilNs + 3} 0 activationEnd id=1 outcome=ok`;

describe('what is given back before the returned work is over', () => {
  it('is told with both lines and for how long the work went on', () => {
    assert.deepEqual(found(run(14, 12)), [
      'warning released-early: countRows gave pool back at a.ts:14 while `connection.query(sql)`, which it returns ' +
        'at a.ts:12 without an `await`, went on for 60 ms. Write `return await`: then it is given back when that is over.',
    ]);
  });

  it('is none where the work was awaited, was begun afterwards, or took no time', () => {
    assert.deepEqual(found(run(14, 12, 'await')), []);
    assert.deepEqual(found(run(11, 12)), []);
    assert.deepEqual(found(run(14, 12, 'return', 500_000)), []);
  });
});
