import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const MS = 1_000_000;
const at = (ms: number, record: string): string => `${ms * MS} 0 ${record}`;

/** `total` reduces by an async function, whose runs end at these times. */
function reduce(ends: readonly number[], call = 'parts.reduce'): string[] {
  const text = [
    at(0, 'processBegin pid=100 argv="/usr/bin/node\\n/home/me/app.mjs"'),
    at(0, 'laneBegin name="main" kind=main'),
    at(0, 'activationBegin id=1 name="total" site="a.ts:3:1 function total" kind=async-function'),
    ...ends.flatMap((_, i) => [
      at(
        0,
        `activationBegin id=${i + 2} parent=1 site="a.ts:4:20 function <anonymous> | ${call}" kind=async-function`,
      ),
      at(0, `wait id=${i + 2} site="a.ts:6:9 await <anonymous> | priceOf(part)" reason=io`),
    ]),
    at(0, 'wait id=1 site="a.ts:4:3 await total | list" reason=future'),
    ...ends.flatMap((end, i) => [
      at(end, `run id=${i + 2}`),
      at(end, `activationEnd id=${i + 2} outcome=ok`),
    ]),
    at(ends.at(-1)!, 'run id=1'),
    at(ends.at(-1)!, 'activationEnd id=1 outcome=ok'),
    at(ends.at(-1)!, 'processEnd how=exit'),
  ];
  return findingsOf(text.join('\n')).filter((line) => line.includes('one-by-one'));
}

describe('runs that reduce puts one behind the other', () => {
  it('are told with what they would take together', () => {
    deepEqual(reduce([50, 100, 180]), [
      'warning one-by-one: total ran the 3 callbacks of `parts.reduce` (a.ts:6) one after another: 180 ms of 180 ms; ' +
        'together they would take 80 ms. Each awaits the one before it first, and needs nothing of that for what it ' +
        'awaits then: begin all by `map`, await Promise.all, and put the results together.',
    ]);
  });

  it('are none where it would save little, or nothing reduces', () => {
    deepEqual(reduce([100, 110]), []);
    deepEqual(reduce([100, 105, 110]), []);
    deepEqual(reduce([50, 100, 180], ''), []);
  });
});
