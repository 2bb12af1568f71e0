import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Columns } from '../../../runtime/trace/columns/columns.ts';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import { Trace } from '../../../runtime/trace/model/trace.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';
import { describeResource } from '../../../runtime/trace/words/resource.ts';
import { plain } from '../../../runtime/trace/words/sentence.ts';

/**
 * The sentences about the first resource.
 * @param change the change of its level to speak of; −1: none.
 */
function describeFirst(text: string, change = -1): string[] {
  const trace = new Trace();
  const columns = new Columns(trace);
  new Fold([columns], trace).feed(0, fromText(text));
  assert.deepEqual(trace.problems, []);
  return describeResource(trace, 0, columns.levels[0] ?? null, change).map(plain);
}

const TASKS = `
  0 0 activationBegin id=1 name="giver" kind=main
  0 0 activationBegin id=2 name="taker" kind=coroutine ready
`;

describe('A queue, a lock and a pool in words', () => {
  it('say how full a queue was at a time, which task made it so, and what went through it', () => {
    const queue = `${TASKS}
      0 0 resourceBegin creator=1 id=3 name="orders" capacity=4 kind=queue bounded
      1000000 0 put by=1 resource=3 depth=1 serial=1
      2000000 0 put by=1 resource=3 depth=2 serial=2
      5000000 0 get by=2 resource=3 depth=1 serial=1
      9000000 0 clock wall=1
    `;
    assert.deepEqual(describeFirst(queue, 1), [
      'From 2.0 ms on, for 3.0 ms, queue orders held 2 of 4: giver had put one in.',
      'In all 2 items went into queue orders, 1 came out; it holds 1 of 4, and never held more than 2.',
    ]);
    assert.equal(
      describeFirst(queue, 2)[0],
      'From 5.0 ms on, for 4.0 ms, queue orders held 1 of 4: taker had taken one out.',
    );
  });

  it('say who holds a lock', () => {
    const lock = `${TASKS}
      0 0 resourceBegin creator=1 id=3 name="db" capacity=1 kind=lock bounded
      1000000 0 acquire by=1 resource=3 left=0 holder=1
      4000000 0 release by=1 resource=3 left=1
      5000000 0 acquire by=2 resource=3 left=0 holder=2
      6000000 0 clock wall=1
    `;
    assert.equal(describeFirst(lock, 0)[0], 'From 1.0 ms on, for 3.0 ms, lock db was held by giver.');
    assert.equal(
      describeFirst(lock, 1)[0],
      'From 4.0 ms on, for 1.0 ms, lock db was free: giver had released it.',
    );
    assert.deepEqual(describeFirst(lock), ['At the end of what is recorded lock db is held by taker.']);
  });

  it('say how many permits were left', () => {
    const two = `${TASKS}
      0 0 resourceBegin creator=1 id=3 name="two" capacity=2 kind=semaphore bounded
      1000000 0 acquire by=1 resource=3 left=1 holder=1
      2000000 0 clock wall=1
    `;
    assert.deepEqual(describeFirst(two, 0), [
      'From 1.0 ms on, for 1.0 ms, 1 of 2 permits of semaphore two were left: giver had taken one.',
      'At the end of what is recorded semaphore two has 1 of 2 left.',
    ]);
  });

  it('say how many calls a pool had, from what was asked of it and answered', () => {
    const pool = `${TASKS}
      0 0 resourceBegin creator=1 id=3 name="squares" capacity=2 kind=pool bounded
      1000000 0 link id=1 token=7 tokenHigh=5 resource=3 way=send kind=job
      1000000 0 link id=1 token=8 tokenHigh=5 resource=3 way=send kind=job
      3000000 0 link id=1 token=7 tokenHigh=5 resource=3 way=receive kind=result
      4000000 0 clock wall=1
    `;
    assert.deepEqual(describeFirst(pool, 1), [
      'From 1.0 ms on, for 2.0 ms, pool squares had 2 calls running or queued.',
      'In all pool squares did 1 of 2 calls; never more than 2 were running or queued at once.',
    ]);
  });
});
