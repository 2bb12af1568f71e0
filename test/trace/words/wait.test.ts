import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { openWaits } from '../../../runtime/trace/model/open-waits.ts';
import { explainWait } from '../../../runtime/trace/words/explain.ts';
import { plain } from '../../../runtime/trace/words/sentence.ts';
import { describeWait } from '../../../runtime/trace/words/wait.ts';
import { describeSpanOf, foldText } from '../../support/fold-text.ts';

describe('a wait in words', () => {
  it('says when no waker was recorded, and when nothing has ended the wait yet', () => {
    const lonely = `
      0 0 activationBegin id=1 name="f" kind=async-function
      10 0 wait id=1 site="a.ts:3:5 await! f | g()" reason=future
      90 0 run id=1
      95 0 wait id=1 reason=lock
    `;
    assert.deepEqual(describeSpanOf(lonely, 0, 1), [
      'f waited 80 ns at a.ts:3 for `g()`.',
      'No waker was recorded for this wait.',
    ]);
    assert.deepEqual(describeSpanOf(lonely, 0, 3), [
      'f has been waiting 0 ns for a lock.',
      'Nothing has ended this wait yet.',
    ]);
  });

  it('calls no task a task whose name says what it is', () => {
    const waits = (name: string): string[] =>
      describeSpanOf(
        `0 0 activationBegin id=1 name="f" kind=async-function
         1 0 activationBegin id=2 parent=1 name="${name}" site="a.ts:3:9 function <anonymous>" kind=async-task
         2 0 wait id=2 reason=timer
         10 0 wait id=1 for=2 reason=task
         90 0 run id=1`,
        0,
        1,
      );
    assert.equal(waits('')[0], 'f waited 80 ns for callback at a.ts:3.');
    assert.equal(waits('<module>')[0], 'f waited 80 ns for module a.ts.');
    assert.equal(waits('task')[0], 'f waited 80 ns for task.');
    assert.equal(waits('taskList')[0], 'f waited 80 ns for task taskList.');
  });

  it('names the callers of a function that others await, during its wait and afterwards', () => {
    const calls = (rest: string) => `
      0 0 activationBegin id=1 name="main" kind=async-function
      1 0 activationBegin id=2 parent=1 name="page" kind=async-function
      2 0 activationBegin id=3 parent=2 name="load" kind=async-function
      3 0 wait id=3 site="a.ts:23:5 await! load | sleep(ms)" reason=future
      4 0 wait id=2 for=3 direct site="a.ts:37:5 await! page | load()" reason=task
      5 0 wait id=1 for=2 direct site="a.ts:53:5 await! main | page()" reason=task
      ${rest}
    `;
    const open = openWaits(foldText(calls('100000003 0 activationBegin id=9 kind=main')).trace);
    const over = foldText(
      calls(`
        100000003 0 run id=3
        100000004 0 activationEnd id=3 outcome=ok
        100000005 0 run id=2
        100000006 0 wait id=2 site="a.ts:38:5 await! page | rest()" reason=future
      `),
    );
    assert.deepEqual(
      [open, over.sums.longest(1)].map(([wait]) => plain(describeWait(over.trace, wait!))),
      [
        'main has been waiting 100 ms at a.ts:23 (in load, called at a.ts:37, from a.ts:53) for `sleep(ms)`.',
        'main waited 100 ms at a.ts:23 (in load, called at a.ts:37, from a.ts:53) for `sleep(ms)`.',
      ],
    );
  });

  it('names at least the function where the callers are no longer known', () => {
    const over = `
      0 0 activationBegin id=1 name="main" kind=async-function site="a.ts:50:1 function main"
      1 0 activationBegin id=2 parent=1 name="load" kind=async-function
      2 0 wait id=2 site="a.ts:23:5 await! load | sleep(ms)" reason=future
      3 0 wait id=1 for=2 direct site="a.ts:37:5 await! main | load()" reason=task
      100000002 0 run id=2
      100000003 0 activationEnd id=2 outcome=ok
      100000004 0 run id=1
      100000005 0 wait id=1 site="a.ts:38:5 await! main | sleep(ms)" reason=future
      200000005 0 run id=1
    `;
    assert.equal(describeSpanOf(over, 0, 1)[0], 'main waited 100 ms at a.ts:23 (in load) for `sleep(ms)`.');
    assert.equal(describeSpanOf(over, 0, 5)[0], 'main waited 100 ms at a.ts:38 for `sleep(ms)`.');
  });

  it('lasts no longer than its thread lived', () => {
    const left = `
      0 1 activationBegin id=1 name="f" kind=async-function
      1 1 wait id=1 site="a.ts:3:5 await! f | g()" reason=future
      100000001 1 laneEnd how=exit
      300000001 0 clock wall=1
    `;
    assert.equal(
      describeSpanOf(left, 0, 1)[0],
      'f waited 100 ms at a.ts:3 for `g()`, and was still waiting at the end.',
    );
  });

  it('names a timer that the waiting task had set itself', () => {
    const sleeping = `
      0 0 activationBegin id=1 name="f" kind=async-function
      1 0 resourceBegin creator=1 id=2 name="setTimeout 100 ms" kind=timer
      2 0 wait id=1 site="a.ts:3:5 await! f | sleep(100)" reason=future
      100000000 0 activationBegin id=3 parent=1 name="setTimeout 100 ms" of=2 kind=timer-callback
      100000001 0 wake woken=1 waker=3 resource=2
      100000002 0 activationEnd id=3 outcome=ok
      100000003 0 run id=1 waker=3 resource=2
    `;
    assert.deepEqual(describeSpanOf(sleeping, 0, 1), [
      'f waited 100 ms at a.ts:3 for `sleep(100)` (the timer setTimeout 100 ms).',
      'This timer was set while it ran.',
    ]);
  });

  it('says that a task set a timer itself only where a line of the program is known to have', () => {
    const sleeping = (site: string): string => `
      0 0 activationBegin id=1 name="f" kind=async-function
      1 0 resourceBegin creator=1 id=2 name="setTimeout 100 ms" kind=timer ${site}
      2 0 wait id=1 site="a.ts:3:5 await! f | sleep(100)" reason=future
      100000000 0 activationBegin id=3 parent=1 name="setTimeout 100 ms" of=2 kind=timer-callback
      100000001 0 wake woken=1 waker=3 resource=2
      100000002 0 activationEnd id=3 outcome=ok
      100000003 0 run id=1 waker=3 resource=2
    `;
    assert.equal(
      describeSpanOf(sleeping('site="a.ts:3:20 timer f"'), 0, 1)[1],
      'It had set this timer itself.',
    );
    assert.equal(describeSpanOf(sleeping(''), 0, 1)[1], 'This timer was set while it ran.');
  });

  it('says that what it was for did not come only of a timer: I/O comes by other names', () => {
    const ended = (kind: string, name: string, by: string): string => `
      0 0 activationBegin id=1 name="ask" kind=async-function
      1 0 resourceBegin id=2 name="${name}" kind=${kind}
      2 0 resourceBegin id=3 ${by}
      3 0 wait id=1 for=2 site="a.ts:3:5 await! ask | f()" reason=${kind}
      30000003 0 wake woken=1 resource=3
      30000004 0 run id=1 resource=3
    `;
    const timer = 'name="setTimeout" kind=timer';
    for (const [record, forWhat, end] of [
      [ended('io', 'fetch', timer), 'for I/O: `f()` (fetch)', 'the timer setTimeout;'],
      [
        ended('io', 'fetch', 'name="a TCP connection" kind=io'),
        'for I/O: `f()` (fetch)',
        'a TCP connection;',
      ],
      [
        ended('timer', 'setTimeout 5000 ms', timer),
        'for `f()` (the timer setTimeout 5000 ms)',
        'the timer setTimeout, and not by what it waited for;',
      ],
    ] as const) {
      assert.deepEqual(describeSpanOf(record, 0, 1), [
        `ask waited 30 ms at a.ts:3 ${forWhat}.`,
        `It was ended by ${end} no task was recorded as its waker.`,
      ]);
    }
  });

  it('for a group names what came, where no task settled it', () => {
    const raced = `
      0 0 activationBegin id=1 name="f" kind=async-function
      1 0 resourceBegin creator=1 id=2 name="Promise.race" capacity=2 kind=group
      1 0 group parent=1 group=2 count=2 kind=race
      1 0 group parent=1 group=2 index=1 count=2 kind=race
      2 0 resourceBegin id=3 name="a TCP connection" kind=io
      3 0 wait id=1 for=2 site="a.ts:3:5 await! f | Promise.race([heard(), closed()])" reason=group direct
      20000003 0 wake woken=1 resource=3
      20000004 0 run id=1 resource=3
    `;
    const sentence = 'It was ended by a TCP connection; no task was recorded as its waker.';
    assert.equal(describeSpanOf(raced, 0, 1)[1], sentence);
    const { trace, sums } = foldText(raced);
    assert.equal(plain(explainWait(trace, { spans: () => [] }, sums.longest(1)[0]!)[1]!), sentence);
    assert.equal(sums.wokenNs, sums.totalNs);
  });

  it('names the timer that settled a promise in a summary of waits, too', () => {
    const { trace, sums } = foldText(`
      0 0 activationBegin id=1 name="f" kind=async-function
      1 0 resourceBegin creator=1 id=2 name="setTimeout 100 ms" kind=timer
      1 0 resourceBegin creator=1 id=4 name="made at a.ts:1" kind=promise
      2 0 wait id=1 for=4 site="a.ts:3:5 await! f | sleep(100)" reason=future
      100000000 0 activationBegin id=3 parent=1 name="setTimeout 100 ms" of=2 kind=timer-callback
      100000001 0 wake woken=1 waker=3 resource=2
      100000002 0 activationEnd id=3 outcome=ok
      100000003 0 run id=1 waker=3 resource=2
    `);
    assert.deepEqual(explainWait(trace, { spans: () => [] }, sums.longest(1)[0]!).map(plain), [
      'f waited 100 ms at a.ts:3 for `sleep(100)` (the timer setTimeout 100 ms).',
      'This timer was set while it ran.',
    ]);
  });

  it('names the I/O that settled a promise, and the promise where a task of the program settled it', () => {
    const awaiting = (wake: string) => `
      0 0 activationBegin id=1 name="f" kind=async-function
      0 0 activationBegin id=5 name="g" kind=async-function
      1 0 resourceBegin creator=1 id=2 name="made at a.ts:2" kind=future
      1 0 resourceBegin id=3 name="FSReqCallback" kind=io
      2 0 wait id=5 reason=lock
      2 0 wait id=1 for=2 site="a.ts:3:5 await! f | load()" reason=future
      92 0 wake woken=1 ${wake}
      95 0 run id=1
    `;
    assert.deepEqual(describeSpanOf(awaiting('resource=3'), 0, 1), [
      'f waited 90 ns at a.ts:3 for I/O: `load()` (FSReqCallback).',
      'It was ended by FSReqCallback; no task was recorded as its waker.',
    ]);
    assert.deepEqual(describeSpanOf(awaiting('waker=5 resource=3'), 0, 1).slice(0, 2), [
      'f waited 90 ns at a.ts:3 for `load()` (future made at a.ts:2).',
      'It was ended by g.',
    ]);
  });

  it('for a value that is no promise takes one turn of the event loop', () => {
    const value = `
      0 0 activationBegin id=1 name="f" kind=async-function
      10 0 wait id=1 site="a.ts:3:5 await! f | 42" reason=value
      90 0 run id=1
    `;
    assert.equal(
      describeSpanOf(value, 0, 1)[0],
      'f waited 80 ns at a.ts:3 for one turn of the event loop: the awaited value was no promise.',
    );
  });

  it('for the join of a queue is one for its items, and that of a thread for its end', () => {
    const join = (kind: string): string => `
      0 0 activationBegin id=1 name="main" kind=main
      1 0 resourceBegin creator=1 id=9 name="orders" kind=${kind}
      10 0 wait id=1 site="a.ts:3:5 await! main | orders.join()" reason=join for=9
      90 0 run id=1
    `;
    assert.deepEqual(
      ['queue', 'thread'].map((kind) => describeSpanOf(join(kind), 0, 1)[0]),
      [
        'main waited 80 ns at a.ts:3 for all items of queue orders to be done.',
        'main waited 80 ns at a.ts:3 for the end of thread orders.',
      ],
    );
  });

  it('at a place that was recorded on Windows names the file alone', () => {
    const windows = `
      0 0 activationBegin id=1 name="f" kind=async-function
      10 0 wait id=1 site="C:\\\\app\\\\a.ts:3:5 await! f | g()" reason=future
      90 0 run id=1
    `;
    assert.equal(describeSpanOf(windows, 0, 1)[0], 'f waited 80 ns at a.ts:3 for `g()`.');
  });
});
