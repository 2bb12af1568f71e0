import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { fromText } from '../../../runtime/trace/format/text.ts';
import { OUTCOMES, REASONS } from '../../../runtime/trace/format/kinds.ts';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import type { Observer } from '../../../runtime/trace/fold/observer.ts';
import { timesSoFar } from '../../../runtime/trace/model/times-so-far.ts';
import { State, STATE_NAMES } from '../../../runtime/trace/model/state.ts';
import type { Trace } from '../../../runtime/trace/model/trace.ts';

/** Folds a text and writes down what the observers were told, with names for numbers. */
function told(text: string): { trace: Trace; rows: string; waits: string; lanes: string } {
  const rows: string[] = [];
  const waits: string[] = [];
  const lanes: string[] = [];
  let trace: Trace;
  const task = (i: number): string => (i < 0 ? '-' : trace.nameOf(i));
  const thing = (target: number): string =>
    target === 0 ? '?' : target > 0 ? task(target - 1) : trace.resources[-target - 1]!.name;
  const site = (i: number): string => (i < 0 ? '?' : `${trace.sites[i]!.fn}:${trace.sites[i]!.line}`);
  const observer: Observer = {
    rowChanged({ row, t, state, reason, ref, target }) {
      const how =
        state === State.wait
          ? ` at ${site(ref)} for ${REASONS[reason]} ${thing(target)}`
          : state === State.ended
            ? ` ${OUTCOMES[reason]}`
            : ref >= 0
              ? ` by ${task(ref)}`
              : '';
      rows.push(`${t} ${task(row)} ${STATE_NAMES[state]}${how}`);
    },
    taskAbsorbed(child, into) {
      rows.push(`${task(child)} is a frame of ${task(into)}`);
    },
    waitEnded({ row, task: frame, startNs: start, endNs: end, reason, target, site: at, waker }) {
      waits.push(
        `${task(row)}${frame === row ? '' : `/${task(frame)}`} ${start}-${end} ${REASONS[reason]} ${thing(target)} at ${site(at)} by ${task(waker)}`,
      );
    },
    laneSwitched(_lane, t, top) {
      lanes.push(`${t} ${task(top)}`);
    },
  };
  const fold = new Fold([observer]);
  trace = fold.trace;
  fold.feed(0, fromText(text));
  return { trace, rows: rows.join('\n'), waits: waits.join('\n'), lanes: lanes.join('\n') };
}

describe('the fold', () => {
  it('takes what a lane had stamped before the helper thread told of it, and wrote after that', () => {
    const { trace } = told(`
      0 0 processBegin pid=7
      100 1 times ran=5000 delayed=200
      60 1 laneBegin name="worker#3" kind=worker
      70 1 activationBegin id=4097 name="worker#3" kind=main`);
    assert.deepEqual(trace.problems, []);
    assert.equal(trace.lanes.at(-1)!.startNs, 60);
  });

  it('gives the lane back to the caller when a callee waits', () => {
    const { trace, rows, lanes } = told(`
      0 0 activationBegin id=1 name="main" kind=main
      10 0 activationBegin id=2 parent=1 name="f" kind=async-function
      20 0 wait id=2 site="a.ts:3:5 await f | g()" reason=timer
      30 0 activationEnd id=1 outcome=ok
      50 0 run id=2
      60 0 activationEnd id=2 outcome=ok
    `);
    assert.equal(
      rows,
      [
        '0 main run',
        '10 f run by main',
        '20 f wait at f:3 for timer ?',
        '30 main ended ok',
        '50 f run',
        '60 f ended ok',
      ].join('\n'),
    );
    assert.equal(lanes, '0 main\n10 f\n20 main\n30 -\n50 f\n60 -');
    assert.deepEqual([trace.tasks.runNs[1], trace.tasks.waitNs[1]], [20, 30]);
    assert.equal(trace.problemCount, 0);
  });

  it('counts every moment of a lane as run once: to whom is on top, and a frame to its caller', () => {
    const { trace } = told(`
      0 0 activationBegin id=1 name="main" kind=main
      10 0 activationBegin id=2 parent=1 name="own" kind=async-function
      30 0 wait id=2 reason=timer
      35 0 activationBegin id=3 parent=1 name="frame" kind=async-function
      55 0 wait id=3 reason=timer
      60 0 wait id=1 reason=task for=3 direct
      70 0 run id=3
      75 0 activationBegin id=4 parent=3 name="late" kind=async-function
      95 0 clock wall=1
    `);
    const [main, own, late] = [0, 1, 3].map((row) => timesSoFar(trace, row).runNs);
    assert.deepEqual({ main, own, late }, { main: 10 + 5 + 20 + 5 + 5, own: 20, late: 20 });
    const { busyNs, sinceNs } = trace.lanes[0]!;
    assert.equal(main! + own! + late!, busyNs + (95 - sinceNs));
  });

  it('takes the time for which a lane was stopped from outside out of what its top task ran', () => {
    const { trace, rows } = told(`
      0 0 activationBegin id=1 name="main" kind=main
      10 0 pause why=instrument
      40 0 resume why=instrument
      50 0 activationBegin id=2 parent=1 name="f" kind=async-function
      60 0 activationEnd id=2 outcome=ok
      70 0 activationEnd id=1 outcome=ok
    `);
    assert.deepEqual([trace.tasks.runNs[0], trace.tasks.runNs[1]], [30, 10]);
    assert.match(rows, /^0 main run\n10 main paused\n40 main run\n50 f run by main\n/);
    assert.equal(trace.problemCount, 0);
  });

  it('makes an activation that is awaited at once a frame of its caller’s row', () => {
    const { trace, rows, waits } = told(`
      0 0 activationBegin id=1 name="outer" kind=async-function
      10 0 activationBegin id=2 parent=1 name="inner" kind=async-function
      20 0 wait id=2 site="a.ts:9:5 await inner | sleep()" reason=timer
      21 0 wait id=1 site="a.ts:3:5 await! outer | inner()" for=2 reason=task direct
      50 0 run id=2
      60 0 activationEnd id=2 outcome=ok
      62 0 run id=1 waker=2
      70 0 activationEnd id=1 outcome=ok
    `);
    assert.equal(
      rows,
      [
        '0 outer run',
        '10 inner run by outer',
        '20 inner wait at inner:9 for timer ?',
        'inner is a frame of outer',
        '21 outer wait at inner:9 for timer ?',
        '50 outer run',
        '60 outer ready by inner',
        '62 outer run by inner',
        '70 outer ended ok',
      ].join('\n'),
    );
    assert.equal(waits, 'outer/inner 20-50 timer ? at inner:9 by -');
    assert.deepEqual([trace.tasks.runNs[0], trace.tasks.readyNs[0], trace.tasks.waitNs[0]], [39, 2, 29]);
    assert.equal(trace.problemCount, 0);
  });

  it('takes a generator that rests at a yield for nobody’s wait: its consumer goes on without it', () => {
    const { trace, rows, waits } = told(`
      0 0 activationBegin id=1 name="main" kind=async-function
      10 0 activationBegin id=2 parent=1 name="source" kind=async-generator
      20 0 wait id=2 site="a.ts:1:9 yield source | 1" for=1 reason=consumer
      20 0 wait id=1 site="a.ts:4:9 for-await! main | source()" for=2 reason=task direct
      20 0 wake woken=1 waker=2
      30 0 run id=1 waker=2 waker=known
      40 0 wait id=1 site="a.ts:5:9 await main | turn()" reason=timer
      140 0 run id=1
      150 0 run id=2 waker=1 waker=known
      160 0 wait id=2 site="a.ts:2:9 await source | more()" reason=timer
      160 0 wait id=1 site="a.ts:4:9 for-await! main | source()" for=2 reason=task direct
      260 0 run id=2
      270 0 wait id=2 site="a.ts:3:9 yield source | 2" for=1 reason=consumer
      270 0 wake woken=1 waker=2
      280 0 run id=1 waker=2 waker=known
      380 0 run id=2 waker=1 waker=known
      390 0 activationEnd id=2 outcome=ok
      400 0 activationEnd id=1 outcome=ok
    `);
    assert.equal(waits, 'main 40-140 timer ? at main:5 by -\nmain/source 160-260 timer ? at source:2 by -');
    assert.doesNotMatch(rows, /main wait .*consumer/);
    assert.deepEqual([trace.tasks.runNs[0], trace.tasks.waitNs[0]], [180, 200]);
    assert.equal(trace.problemCount, 0);
  });

  it('keeps an activation that is awaited later a row of its own', () => {
    const { rows, waits } = told(`
      0 0 activationBegin id=1 name="outer" kind=async-function
      10 0 activationBegin id=2 parent=1 name="child" kind=async-function
      20 0 wait id=2 site="a.ts:9:5 await child | sleep()" reason=timer
      30 0 wait id=1 site="a.ts:4:5 await outer | p" for=2 reason=task
      50 0 run id=2
      60 0 activationEnd id=2 outcome=ok
      61 0 wake woken=1 waker=2
      62 0 run id=1 waker=2
    `);
    assert.match(rows, /30 outer wait at outer:4 for task child/);
    assert.match(rows, /61 outer ready by child\n62 outer run by child/);
    assert.equal(waits, 'child 20-50 timer ? at child:9 by -\nouter 30-61 task child at outer:4 by child');
  });

  it('counts the time between a wake and a run as ready, and a yield as ready at once', () => {
    const { trace } = told(`
      0 0 activationBegin id=1 name="a" kind=coroutine ready
      10 0 run id=1
      15 0 wait id=1 yield
      25 0 run id=1
      30 0 wait id=1 reason=lock
      50 0 wake woken=1
      55 0 run id=1
      60 0 activationEnd id=1 outcome=cancelled
    `);
    const { runNs, readyNs, waitNs, outcome } = trace.tasks;
    assert.deepEqual([runNs[0], readyNs[0], waitNs[0], OUTCOMES[outcome[0]!]], [15, 25, 20, 'cancelled']);
    assert.equal(trace.problemCount, 0);
  });

  it('ends the wait of a task that a rejection ends', () => {
    const { waits, trace } = told(`
      0 0 activationBegin id=1 name="a" kind=async-function
      10 0 wait id=1 reason=io
      40 0 activationEnd id=1 outcome=error error="TypeError"
    `);
    assert.equal(waits, 'a 10-40 io ? at ? by -');
    assert.equal(trace.text(trace.tasks.error[0]!), 'TypeError');
  });

  it('reads a Python step as a run and a wait', () => {
    const { trace, rows } = told(`
      0 0 activationBegin id=1 name="a" kind=asyncio-task ready
      100 0 step id=1 duration=3 unit=us site="a.py:3:1 await a | q.get()" reason=queue-get
    `);
    assert.equal(rows, '0 a ready\n100 a run\n3100 a wait at a:3 for queue-get ?');
    assert.equal(trace.endNs, 3100);
  });

  it('tells a wait for a promise by what settled it, where that was the world and not a task', () => {
    const { waits } = told(`
      0 0 activationBegin id=1 name="a" kind=async-function
      0 0 resourceBegin id=2 name="made at a.ts:1" kind=promise
      0 0 resourceBegin id=3 name="TCP" kind=io
      1 0 wait id=1 for=2 reason=future
      2 0 run id=1 resource=3 waker=external
      3 0 wait id=1 for=2 reason=future
      4 0 run id=1
    `);
    assert.equal(waits, 'a 1-2 future TCP at ? by -\na 3-4 future made at a.ts:1 at ? by -');
  });

  it('takes queue depth, lock holders and groups into the model', () => {
    const { trace } = told(`
      0 0 activationBegin id=1 name="a" kind=async-function
      1 0 resourceBegin creator=1 id=2 name="orders" kind=queue capacity=4 bounded
      2 0 put by=1 resource=2 depth=1
      3 0 put by=1 resource=2 depth=2
      4 0 get by=1 resource=2 depth=1
      5 0 resourceBegin creator=1 id=3 name="db" kind=lock
      6 0 acquire by=1 resource=3
      7 0 resourceBegin creator=1 id=4 kind=group
      8 0 group parent=1 group=4 child=1 index=0 count=1 kind=all
      9 0 group parent=1 group=4 child=1 index=0 count=1 kind=all decides
    `);
    const [queue, lock] = trace.resources;
    assert.deepEqual([queue!.capacity, queue!.maxDepth, queue!.puts, queue!.gets], [4, 2, 2, 1]);
    assert.equal(lock!.holder, 0);
    assert.deepEqual(trace.groups.get(2), { kind: 1, members: [1], decider: 0 });
  });

  it('says what cannot be, and goes on', () => {
    const { trace } = told(`
      0 0 run id=7
      1 0 activationBegin id=1 name="a" kind=async-function
      2 0 activationBegin id=1 name="b" kind=async-function
      3 0 activationEnd id=1 outcome=ok
      4 0 wait id=1 reason=io
      5 0 run id=1
    `);
    assert.deepEqual(
      trace.problems.map((p) => p.replace(/^record \d+: /, '')),
      [
        'the unknown task 7 runs',
        'an activation begins with the id 1, which is taken',
        'task 1 waits after its end',
        'task 1 runs after its end',
      ],
    );
  });

  it('folds the same in two batches as in one, wherever they are cut', () => {
    const records = fromText(`
      0 0 laneBegin name="main" kind=main
      0 0 activationBegin id=1 name="a name that is longer than one piece of text" kind=async-function
      10 0 activationBegin id=2 parent=1 name="f" kind=async-function
      20 0 wait id=2 site="a.ts:3:5 await f | g()" reason=timer
      21 0 wait id=1 for=2 reason=task direct
      50 0 run id=2
      60 0 activationEnd id=2 outcome=ok
      62 0 run id=1 waker=2
    `);
    const whole = snapshot([records]);
    for (let cut = 0; cut <= records.length; cut += 32) {
      assert.deepEqual(snapshot([records.slice(0, cut), records.slice(cut)]), whole);
    }
  });

  it('survives any bytes', () => {
    let seed = 1;
    const random = (): number => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0);
    for (let round = 0; round < 200; round++) {
      const bytes = new Uint8Array(64 * 32);
      for (let i = 0; i < bytes.length; i++) {
        const at = i % 32;
        // Kinds and ids near the legal ones, so that the deep branches are reached.
        bytes[i] =
          at === 31
            ? random() % 32
            : at > 8 && at % 4 !== 0 && round % 2 === 0
              ? 0
              : random() % (round % 2 ? 256 : 8);
      }
      new Fold().feed(0, bytes);
    }
  });
});

function snapshot(batches: readonly Uint8Array[]): unknown {
  const fold = new Fold();
  for (const batch of batches) fold.feed(0, batch);
  const { tasks, texts, sites, lanes, events, endNs } = fold.trace;
  const n = tasks.count;
  return {
    texts,
    sites,
    lanes,
    events,
    endNs,
    state: [...tasks.state.subarray(0, n)],
    runNs: [...tasks.runNs.subarray(0, n)],
    waitNs: [...tasks.waitNs.subarray(0, n)],
    frameOf: [...tasks.frameOf.subarray(0, n)],
  };
}
