import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { describeSpanOf } from '../../support/fold-text.ts';

describe('the explanation of a wait', () => {
  const handOver = `
    0 0 activationBegin id=1 name="consumer" kind=async-function
    1 0 wait id=1 site="a.ts:3:5 await! consumer | queue.get()" reason=future
    2 0 activationBegin id=2 name="producer" kind=async-function
    1100000000 0 wait id=2 site="a.ts:9:5 await! producer | tick()" reason=value
    1100000001 0 wake woken=1 waker=2
    1200000000 0 run id=1 waker=2
  `;

  it('names the place, the awaited text and the waker, then what the waker did meanwhile', () => {
    assert.deepEqual(describeSpanOf(handOver, 0, 1), [
      'consumer waited 1.10 s at a.ts:3 for `queue.get()`.',
      'It was ended by producer.',
      'Meanwhile producer was running for 1.10 s (> 99 %).',
    ]);
  });

  it('does not say twice that a task without a name is a task', () => {
    const words = describeSpanOf(
      `
      0 0 activationBegin id=1 name="top" kind=async-task
      0 0 activationBegin id=2 site="shop.ts:3:1 call run" kind=async-task
      0 0 wait id=1 for=2 reason=task
      100000000 0 run id=1 waker=2
    `,
      0,
      0,
    );
    assert.match(words[0]!, /^top waited 100 ms for task at shop\.ts:3\.$/);
  });

  it('says of whose longest wait the next shares are', () => {
    const chain = (untilMs: number): string => `
      0 0 activationBegin id=1 name="top" kind=async-task
      0 0 activationBegin id=2 name="middle" kind=async-task
      0 0 activationBegin id=3 name="deep" kind=async-task
      0 0 wait id=3 reason=timer
      0 0 wait id=2 for=3 reason=task
      0 0 wait id=1 for=2 reason=task
      ${untilMs}000000 0 run id=3
      ${untilMs}000000 0 activationEnd id=3 outcome=ok
      ${untilMs}000000 0 wake woken=2 waker=3
      ${untilMs}000000 0 run id=2 waker=3
      100000000 0 activationEnd id=2 outcome=ok
      100000000 0 wake woken=1 waker=2
      100000000 0 run id=1 waker=2\n`;
    assert.deepEqual(describeSpanOf(chain(40), 0, 0), [
      'top waited 100 ms for task middle.',
      'Meanwhile middle was running for 60 ms (60 %) and waiting for 40 ms (40 %) for task deep.',
      'In the longest wait of middle, 40 ms, deep was waiting for 40 ms (100 %) for a timer.',
    ]);
    assert.equal(
      describeSpanOf(chain(99), 0, 0)[2],
      'Meanwhile deep was waiting for 99 ms (100 %) for a timer.',
    );
  });

  it('counts the time before the waker began apart', () => {
    const late = `
      0 0 activationBegin id=1 name="asker" kind=async-function
      100 0 resourceBegin id=3 name="squares" kind=pool
      1000 0 wait id=1 site="a.ts:3:5 await asker | pool.apply(f)" reason=pool for=3
      901000 0 activationBegin id=2 name="f" kind=chunk
      1001000 0 activationEnd id=2 outcome=ok
      1001000 0 wake woken=1 waker=2
      1001000 0 run id=1 waker=2
    `;
    assert.equal(
      describeSpanOf(late, 0, 1).at(-1),
      'Meanwhile f was not begun for 900 µs (90 %) and running for 100 µs (10 %).',
    );
  });

  it('goes on with the task that began a waker late: that is what a queue waited behind', () => {
    const behind = `
      0 0 activationBegin id=1 name="slow" kind=async-function
      1 0 wait id=1 site="a.ts:2:5 await slow | sleep(50)" reason=timer
      2 0 activationBegin id=2 name="quick" kind=async-function
      1000 0 wait id=2 site="a.ts:5:5 await quick | queue.run(job)" reason=future
      49001000 0 run id=1
      49001001 0 activationEnd id=1 outcome=ok
      49001002 0 activationBegin id=3 parent=1 name="job" kind=async-function
      50001000 0 activationEnd id=3 outcome=ok
      50001000 0 wake woken=2 waker=3
      50001000 0 run id=2 waker=3
    `;
    assert.deepEqual(describeSpanOf(behind, 1, 1).slice(1), [
      'It was ended by job.',
      'Meanwhile job was not begun for 49 ms (98 %) and running for 1.0 ms (2 %). It was begun by slow.',
      'Meanwhile slow was waiting for 49 ms (> 99 %), longest at a.ts:2 for `sleep(50)` (a timer).',
    ]);
  });

  it('names the tasks that held the thread while an answer from outside was awaited', () => {
    const answered = (work: number): string => `
      0 0 activationBegin id=1 name="call" kind=async-function
      1 0 resourceBegin creator=1 id=2 name="fetch" kind=io
      2 0 wait id=1 for=2 site="a.ts:3:5 await! call | fetch(url)" reason=io
      100000000 0 activationBegin id=3 name="handle" kind=async-function
      ${100000000 + work} 0 activationEnd id=3 outcome=ok
      200000000 0 activationBegin id=4 name="handle" kind=async-function
      ${200000000 + work} 0 activationEnd id=4 outcome=ok
      300000002 0 run id=1 resource=2
    `;
    assert.deepEqual(describeSpanOf(answered(90_000_000), 0, 1).slice(1), [
      'It was ended by fetch; no task was recorded as its waker.',
      'Meanwhile the thread was held for 180 ms (60 %) by handle#1 and handle#2.',
    ]);
    assert.deepEqual(describeSpanOf(answered(10_000_000), 0, 1).slice(1), [
      'It was ended by fetch; no task was recorded as its waker.',
    ]);
  });

  it('names the tasks that held the thread during a timer only when they made the timer late', () => {
    const slept = (fromNs: number): string => `
      0 0 activationBegin id=1 name="f" kind=async-function
      1 0 resourceBegin creator=1 id=2 name="setTimeout 50 ms" kind=timer
      2 0 wait id=1 for=2 site="a.ts:3:5 await! f | sleep(50)" reason=timer
      ${fromNs} 0 activationBegin id=3 name="busy" kind=async-function
      ${fromNs + 40_000_000} 0 activationEnd id=3 outcome=ok
      100000000 0 run id=1 resource=2
    `;
    assert.deepEqual(describeSpanOf(slept(59_900_000), 0, 1).slice(1), [
      'Meanwhile the thread was held for 40 ms (40 %) by busy.',
    ]);
    assert.deepEqual(describeSpanOf(slept(10_000_000), 0, 1).slice(1), []);
  });
});
