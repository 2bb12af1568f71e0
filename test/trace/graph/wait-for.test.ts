import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { deadlocks, waitForGraph } from '../../../runtime/trace/graph/wait-for.ts';
import { describeDeadlock } from '../../../runtime/trace/words/deadlock.ts';
import { plain } from '../../../runtime/trace/words/sentence.ts';
import { querySourceOf } from '../../support/query-text.ts';

const TWO_LOCKS = `
  0 0 resourceBegin id=8 name="a" kind=lock capacity=1 bounded
  0 0 resourceBegin id=9 name="b" kind=lock capacity=1 bounded
  1 0 activationBegin id=1 name="pay" kind=async-function
  2 0 acquire by=1 resource=8 holder=1
  3 0 wait id=1 site="bank.ts:5:3 await pay | tick()" reason=value
  4 0 activationBegin id=2 name="refund" kind=async-function
  5 0 acquire by=2 resource=9 holder=2
`;
const BOTH_WAIT = `${TWO_LOCKS}
  6 0 wait id=2 site="bank.ts:9:3 await refund | a.acquire()" reason=lock for=8
  7 0 run id=1
  8 0 wait id=1 site="bank.ts:6:3 await pay | b.acquire()" reason=lock for=9
  1000 0 clock wall=1
`;

function deadlockWords(text: string, t: number): string[] {
  const source = querySourceOf(text);
  const graph = waitForGraph(source, t);
  return deadlocks(graph).map((cycle) => {
    const waits = cycle.map((row) => graph.get(row)!);
    return plain(describeDeadlock(source.trace, waits));
  });
}

describe('the wait-for graph', () => {
  it('names who holds what a task waits for', () => {
    const graph = waitForGraph(querySourceOf(BOTH_WAIT), 7);
    assert.deepEqual(
      [...graph.values()].map(({ row, waitsFor }) => [row, ...waitsFor]),
      [[1, 0]],
    );
  });

  it('has a cycle where each holds what the other waits for, from the moment on when both do', () => {
    assert.deepEqual(deadlockWords(BOTH_WAIT, 7), []);
    assert.deepEqual(deadlockWords(BOTH_WAIT, 500), [
      'pay holds lock a and waits at bank.ts:6 for lock b; ' +
        'refund holds lock b and waits at bank.ts:9 for lock a: none of them can go on.',
    ]);
  });

  it('has none where the holder can go on', () => {
    assert.deepEqual(deadlockWords(`${TWO_LOCKS} 1000 0 clock wall=1`, 500), []);
  });

  it('has a cycle of one where a task waits for what it holds', () => {
    const itself = `
      0 0 resourceBegin id=8 name="a" kind=lock capacity=1 bounded
      1 0 activationBegin id=1 name="pay" kind=async-function
      2 0 acquire by=1 resource=8 holder=1
      3 0 wait id=1 site="bank.ts:5:3 await pay | a.acquire()" reason=lock for=8
      1000 0 clock wall=1
    `;
    assert.deepEqual(deadlockWords(itself, 500), [
      'pay holds lock a and waits at bank.ts:5 for lock a: it waits for itself, for ever.',
    ]);
  });

  const groupOf = (kind: string): string => `
    0 0 activationBegin id=1 name="parent" kind=async-function
    1 0 activationBegin id=2 parent=1 name="child" kind=async-function
    2 0 wait id=2 site="a.ts:9:3 await child | parent" for=1 reason=task
    3 0 activationBegin id=3 parent=1 name="free" kind=async-function
    4 0 wait id=3 site="a.ts:12:3 await free | sleep(1)" reason=timer
    5 0 resourceBegin creator=1 id=7 name="Promise.${kind}" capacity=2 kind=group
    5 0 group parent=1 group=7 child=2 count=2 kind=${kind}
    5 0 group parent=1 group=7 child=3 index=1 count=2 kind=${kind}
    6 0 wait id=1 site="a.ts:3:3 await parent | Promise" for=7 reason=group
    1000 0 clock wall=1
  `;

  it('is stuck in all of a group if one is, and in a race only if all are', () => {
    assert.equal(deadlockWords(groupOf('all'), 500).length, 1);
    assert.deepEqual(deadlockWords(groupOf('race'), 500), []);
  });
});
