import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { fromText } from '../../../runtime/trace/format/text.ts';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import { WaitSums } from '../../../runtime/trace/summaries/wait-sums.ts';
import { Trace } from '../../../runtime/trace/model/trace.ts';
import { SpanLog } from '../../../runtime/trace/columns/span-log.ts';
import { count, duration, share } from '../../../runtime/trace/words/duration.ts';
import { explainWait } from '../../../runtime/trace/words/explain.ts';
import { openWaits } from '../../../runtime/trace/model/open-waits.ts';
import { plain } from '../../../runtime/trace/words/sentence.ts';
import { describeSpan, describeTask } from '../../../runtime/trace/words/span.ts';
import { describeWait } from '../../../runtime/trace/words/wait.ts';

function fold(text: string): { trace: Trace; log: SpanLog; sums: WaitSums } {
  const trace = new Trace();
  const log = new SpanLog(trace);
  const sums = new WaitSums(trace);
  new Fold([log, sums], trace).feed(0, fromText(text));
  return { trace, log, sums };
}

/** The sentences about the n-th span of a row. */
function say(text: string, row: number, n: number): string[] {
  const { trace, log } = fold(text);
  const spans = log.spans(row, 0, Number.MAX_SAFE_INTEGER, 1000)!;
  return describeSpan(trace, log, row, spans[n]!, spans[n + 1] ?? null).map(plain);
}

describe('durations, counts and shares in words', () => {
  for (const [ns, words] of [
    [0, '0 ns'],
    [850, '850 ns'],
    [999.6, '1.0 µs'],
    [12_300, '12 µs'],
    [3_140_000, '3.1 ms'],
    [340e6, '340 ms'],
    [1.2e9, '1.20 s'],
    [125e9, '2 min 5 s'],
    [43_200e9, '12 h 0 min'],
  ] as const) {
    it(`${ns} ns is ${words}`, () => {
      assert.equal(duration(ns), words);
    });
  }

  it('never rounds something to nothing or a part to the whole', () => {
    assert.deepEqual(
      [share(1, 1000), share(999, 1000), share(1, 2), share(0, 0)],
      ['< 1 %', '> 99 %', '50 %', '0 %'],
    );
    assert.deepEqual([count(1, 'task'), count(12_345, 'task')], ['1 task', '12,345 tasks']);
  });
});

describe('a wait in words', () => {
  const handOver = `
    0 0 activationBegin id=1 name="consumer" kind=async-function
    1 0 wait id=1 site="a.ts:3:5 await! consumer | queue.get()" reason=future
    2 0 activationBegin id=2 name="producer" kind=async-function
    1100000000 0 wait id=2 site="a.ts:9:5 await! producer | tick()" reason=value
    1100000001 0 wake woken=1 waker=2
    1200000000 0 run id=1 waker=2
  `;

  it('names place, text and the one who ended it, then what that one did meanwhile', () => {
    assert.deepEqual(say(handOver, 0, 1), [
      'consumer waited 1.10 s at a.ts:3 for `queue.get()`.',
      'It was ended by producer.',
      'Meanwhile producer was running for 1.10 s (> 99 %).',
    ]);
  });

  it('says so when no waker was recorded, and that nothing has ended a wait that goes on', () => {
    const lonely = `
      0 0 activationBegin id=1 name="f" kind=async-function
      10 0 wait id=1 site="a.ts:3:5 await! f | g()" reason=future
      90 0 run id=1
      95 0 wait id=1 reason=lock
    `;
    assert.deepEqual(say(lonely, 0, 1), [
      'f waited 80 ns at a.ts:3 for `g()`.',
      'No waker was recorded for this wait.',
    ]);
    assert.deepEqual(say(lonely, 0, 3), [
      'f has been waiting 0 ns for a lock.',
      'Nothing has ended this wait yet.',
    ]);
  });

  it('says from where a function was called that others await, while it waits and afterwards', () => {
    const calls = (rest: string) => `
      0 0 activationBegin id=1 name="main" kind=async-function
      1 0 activationBegin id=2 parent=1 name="page" kind=async-function
      2 0 activationBegin id=3 parent=2 name="load" kind=async-function
      3 0 wait id=3 site="a.ts:23:5 await! load | sleep(ms)" reason=future
      4 0 wait id=2 for=3 direct site="a.ts:37:5 await! page | load()" reason=task
      5 0 wait id=1 for=2 direct site="a.ts:53:5 await! main | page()" reason=task
      ${rest}
    `;
    const open = openWaits(fold(calls('100000003 0 activationBegin id=9 kind=main')).trace);
    const over = fold(
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

  it('says at least in which function a task waited where the calls are not known any more', () => {
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
    assert.equal(say(over, 0, 1)[0], 'main waited 100 ms at a.ts:23 (in load) for `sleep(ms)`.');
    assert.equal(say(over, 0, 5)[0], 'main waited 100 ms at a.ts:38 for `sleep(ms)`.');
  });

  it('says of a wait that goes on no more than its thread lived', () => {
    const left = `
      0 1 activationBegin id=1 name="f" kind=async-function
      1 1 wait id=1 site="a.ts:3:5 await! f | g()" reason=future
      100000001 1 laneEnd how=exit
      300000001 0 clock wall=1
    `;
    assert.equal(
      say(left, 0, 1)[0],
      'f waited 100 ms at a.ts:3 for `g()`, and was still waiting at the end.',
    );
  });

  it('tells apart that the one who ended it had not begun', () => {
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
      say(late, 0, 1).at(-1),
      'Meanwhile f was not begun for 900 µs (90 %) and running for 100 µs (10 %).',
    );
  });

  it('tells a timer that the waiting task had set itself', () => {
    const sleeping = `
      0 0 activationBegin id=1 name="f" kind=async-function
      1 0 resourceBegin creator=1 id=2 name="setTimeout 100 ms" kind=timer
      2 0 wait id=1 site="a.ts:3:5 await! f | sleep(100)" reason=future
      100000000 0 activationBegin id=3 parent=1 name="setTimeout 100 ms" of=2 kind=timer-callback
      100000001 0 wake woken=1 waker=3 resource=2
      100000002 0 activationEnd id=3 outcome=ok
      100000003 0 run id=1 waker=3 resource=2
    `;
    assert.deepEqual(say(sleeping, 0, 1), [
      'f waited 100 ms at a.ts:3 for `sleep(100)` (the timer setTimeout 100 ms).',
      'It had set this timer itself.',
    ]);
  });

  it('says whose longest wait it is of which the next shares are', () => {
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
    assert.deepEqual(say(chain(40), 0, 0), [
      'top waited 100 ms for task middle.',
      'Meanwhile middle was running for 60 ms (60 %) and waiting for 40 ms (40 %) for task deep.',
      'In the longest wait of middle, 40 ms, deep was waiting for 40 ms (100 %) for a timer.',
    ]);
    assert.equal(say(chain(99), 0, 0)[2], 'Meanwhile deep was waiting for 99 ms (100 %) for a timer.');
  });

  it('names who held the thread while the world was waited for', () => {
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
    assert.deepEqual(say(answered(90_000_000), 0, 1).slice(1), [
      'It was ended from outside the program by fetch.',
      'Meanwhile the thread was held for 180 ms (60 %) by handle#1 and handle#2.',
    ]);
    assert.deepEqual(say(answered(10_000_000), 0, 1).slice(1), [
      'It was ended from outside the program by fetch.',
    ]);
  });

  it('names who held the thread while a timer was waited for only when the timer came late for it', () => {
    const slept = (fromNs: number): string => `
      0 0 activationBegin id=1 name="f" kind=async-function
      1 0 resourceBegin creator=1 id=2 name="setTimeout 50 ms" kind=timer
      2 0 wait id=1 for=2 site="a.ts:3:5 await! f | sleep(50)" reason=timer
      ${fromNs} 0 activationBegin id=3 name="busy" kind=async-function
      ${fromNs + 40_000_000} 0 activationEnd id=3 outcome=ok
      100000000 0 run id=1 resource=2
    `;
    assert.deepEqual(say(slept(59_900_000), 0, 1).slice(1), [
      'Meanwhile the thread was held for 40 ms (40 %) by busy.',
    ]);
    assert.deepEqual(say(slept(10_000_000), 0, 1).slice(1), []);
  });

  it('tells the timer that settled a promise in a summary of waits, too', () => {
    const { trace, sums } = fold(`
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
      'It had set this timer itself.',
    ]);
  });

  it('tells the I/O that settled a promise, and the promise where a task of the program settled it', () => {
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
    assert.deepEqual(say(awaiting('resource=3'), 0, 1), [
      'f waited 90 ns at a.ts:3 for I/O: `load()` (FSReqCallback).',
      'It was ended from outside the program by FSReqCallback.',
    ]);
    assert.deepEqual(say(awaiting('waker=5 resource=3'), 0, 1).slice(0, 2), [
      'f waited 90 ns at a.ts:3 for `load()` (future made at a.ts:2).',
      'It was ended by g.',
    ]);
  });

  it('tells of a task’s whole life, and of a run that has not ended', () => {
    const { trace } = fold(handOver);
    assert.equal(
      plain(describeTask(trace, 1)),
      'producer has lived 1.20 s so far: it ran 1.10 s and waited 100 ms.',
    );
    assert.deepEqual(say(handOver, 0, 3), [
      'consumer has been running for 0 ns and has not given the thread away since its wait at a.ts:3; it was woken by producer.',
    ]);
  });

  it('tells time that the thread stood still apart from time that the task ran', () => {
    const stopped = `
      0 0 activationBegin id=1 name="main" kind=main
      5 0 pause why=instrument
      1500005 0 resume why=instrument
      1500010 0 activationEnd id=1 outcome=ok
    `;
    assert.deepEqual(say(stopped, 0, 1), [
      "main stood still while Simul read the program: Simul's time, not the program's (1.5 ms).",
    ]);
  });

  it('tells tasks of one name apart', () => {
    const { trace } = fold(`
      0 0 activationBegin id=1 name="f" kind=async-function
      1 0 activationEnd id=1 outcome=ok
      2 0 activationBegin id=2 name="f" kind=async-function
      3 0 activationBegin id=3 name="g" kind=async-function
    `);
    assert.deepEqual(
      [0, 1, 2].map((task) => trace.labelOf(task)),
      ['f#1', 'f#2', 'g'],
    );
  });

  it('gives no number to a frame of another’s row', () => {
    const { trace } = fold(`
      0 0 activationBegin id=1 name="main" kind=async-task
      1 0 activationBegin id=2 parent=1 name="main" kind=async-function
      2 0 wait id=2 site="a.ts:3:5 await main | f()" reason=timer
      2 0 wait id=1 for=2 reason=task direct
      3 0 activationBegin id=3 name="g" kind=async-task
      4 0 activationBegin id=4 parent=3 name="g" kind=async-function
      5 0 activationBegin id=5 name="g" kind=async-task
    `);
    assert.deepEqual(
      [0, 2, 4].map((task) => trace.labelOf(task)),
      ['main', 'g#1', 'g#3'],
    );
  });

  it('calls a task without a name by its place, not by what stands around that', () => {
    const { trace } = fold(`
      0 0 activationBegin id=1 site="src/a.ts:3:5 call main | gather([() => f()])" kind=async-task ready
      0 0 activationBegin id=2 site="src/a.ts:3:5 call main | gather([() => f()])" kind=async-task ready
      0 0 activationBegin id=3 site="src/a.ts:9:1 function f" kind=async-function
    `);
    assert.deepEqual(
      [0, 1, 2].map((task) => trace.labelOf(task)),
      ['task at a.ts:3#1', 'task at a.ts:3#2', 'f'],
    );
  });

  it('adds up waits, and how much of them is explained', () => {
    const { sums } = fold(handOver);
    assert.deepEqual(
      [sums.count, sums.totalNs, sums.wokenNs, sums.longest(1)[0]?.row],
      [1, 1100000000, 1100000000, 0],
    );
  });
});
