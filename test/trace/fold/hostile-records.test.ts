import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FLAG, KIND, flagBits, KINDS, REASON } from '../../../runtime/trace/format/kinds.ts';
import { head, RECORD_BYTES, RECORD_WORDS, W } from '../../../runtime/trace/format/layout.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import { BUDGET, exceededBounds } from '../../../runtime/trace/model/budget.ts';
import { timesSoFar } from '../../../runtime/trace/model/times-so-far.ts';
import type { Trace } from '../../../runtime/trace/model/trace.ts';
import { begin } from '../../launch/part-writer.ts';

/** Records of one kind after the other: [kind, task, a, b, flags], a nanosecond apart. */
function recordsOf(rows: readonly (readonly [number, number, number, number, number])[]): Uint8Array {
  const words = new Uint32Array(rows.length * RECORD_WORDS);
  rows.forEach(([kind, task, a, b, flags], i) => {
    const w = i * RECORD_WORDS;
    words[w + W.tLow] = i;
    words[w + W.task] = task;
    words[w + W.a] = a;
    words[w + W.b] = b;
    words[w + W.head] = head(kind, flags, 0);
  });
  return new Uint8Array(words.buffer);
}

const ids = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
const folded = (records: Uint8Array): Trace => {
  const fold = new Fold();
  fold.feed(0, records);
  return fold.trace;
};

describe('calls that are deep', () => {
  const FOR_TASK = flagBits(KINDS.wait.flags.reason, REASON.task) | FLAG.waitDirect;

  it('are folded in a time that does not depend on the depth', () => {
    const depth = 200_000;
    const trace = folded(
      recordsOf([
        ...ids(depth).map((id) => [KIND.activationBegin, id, id - 1, 0, 1] as const),
        [KIND.wait, depth, 0, 0, REASON.timer],
        // Each caller awaits its callee, the innermost first.
        ...ids(depth - 1)
          .reverse()
          .map((id) => [KIND.wait, id, 0, id + 1, FOR_TASK] as const),
        ...ids(depth)
          .reverse()
          .flatMap((id) => [
            [KIND.run, id, id < depth ? id + 1 : 0, 0, 0] as const,
            [KIND.activationEnd, id, 0, 0, 1] as const,
          ]),
      ]),
    );
    assert.equal(trace.problemCount, 0);
    assert.equal(trace.rowOf(depth - 1), 0);
    assert.equal(trace.tasks.endedNs[0], trace.endNs);
  });

  it('may leave their lane in any order, at the same cost', () => {
    const depth = 200_000;
    const trace = folded(
      recordsOf([
        ...ids(depth).map((id) => [KIND.activationBegin, id, 0, 0, 1] as const),
        ...ids(depth).map((id) => [KIND.wait, id, 0, 0, REASON.timer] as const),
      ]),
    );
    assert.equal(trace.problemCount, depth - 1);
    assert.equal(trace.lanes[0]!.top, -1);
  });
});

describe('a task that leaves its lane from below others', () => {
  it('leaves the others as they are, and comes back on top of them', () => {
    const trace = folded(
      fromText(`
        0 0 activationBegin id=1 name="a" kind=async-function
        10 0 activationBegin id=2 name="b" kind=async-function
        20 0 activationBegin id=3 name="c" kind=async-function
        30 0 wait id=2 reason=io
        40 0 wait id=3 reason=io
        60 0 run id=2
        70 0 wait id=2 reason=io
      `),
    );
    assert.equal(trace.lanes[0]!.top, 0);
    const { runNs } = trace.tasks;
    assert.deepEqual([runNs[0], runNs[1], runNs[2]], [10 + 20, 10 + 10, 20]);
  });
});

describe('a task that names itself as its parent', () => {
  it('has none, so that every way upwards ends', () => {
    const trace = folded(fromText('0 0 activationBegin id=1 parent=1 name="a" kind=async-function'));
    assert.equal(trace.tasks.parent[0], -1);
  });
});

describe('times', () => {
  const times = (trace: Trace): number[] =>
    ids(trace.tasks.count).flatMap((id) => Object.values(timesSoFar(trace, id - 1)));

  it('that go back within a lane count as simultaneous with its last record, and as a problem', () => {
    const trace = folded(
      fromText(`
        1000 0 activationBegin id=1 name="a" kind=async-function
        9000 0 wait id=1 reason=timer
        4000 0 run id=1
        9500 0 activationEnd id=1 outcome=ok
      `),
    );
    assert.deepEqual(trace.problems, ["record 4: the time of this run is 5000 ns before its lane's last"]);
    assert.deepEqual(timesSoFar(trace, 0), { livedNs: 8500, runNs: 8500, readyNs: 0, waitNs: 0 });
  });

  it('of other lanes may be a little behind: nothing lasts less than nothing', () => {
    const trace = folded(
      fromText(`
        0 0 activationBegin id=1 name="a" kind=async-function
        0 1 activationBegin id=2 name="b" kind=async-function
        100 0 wait id=1 reason=future
        90 1 wake woken=1 waker=2
        110 0 run id=1
      `),
    );
    assert.deepEqual([trace.problemCount, trace.tasks.waitNs[0], trace.tasks.readyNs[0]], [0, 0, 10]);
  });

  it('beyond what a number holds are none', () => {
    for (const far of [2n ** 63n, 2n ** 64n - 1n, 0n]) {
      const records = fromText(
        `
        0 0 activationBegin id=1 name="a" kind=async-function
        10 0 wait id=1 reason=timer
        20 0 run id=1
        30 0 wait id=1 reason=timer`,
        5000n,
      );
      new DataView(records.buffer).setBigUint64(3 * RECORD_BYTES, far, true);
      const trace = folded(records);
      assert.equal(trace.problemCount, 1);
      assert.equal(trace.endNs, 30);
      for (const ns of times(trace)) assert.ok(ns >= 0 && ns <= 30, String(ns));
    }
  });

  it('of a step that would last for centuries end at the bound', () => {
    const trace = folded(
      fromText(`
        0 0 activationBegin id=1 name="a" kind=asyncio-task ready
        10 0 step id=1 duration=4294967295 reason=io unit=s
      `),
    );
    assert.equal(trace.endNs, Number.MAX_SAFE_INTEGER);
  });
});

describe('what a profiler saw', () => {
  it('is no more than a lane can have worked since the trace began, whatever the records say', () => {
    const trace = folded(
      fromText(`
        0 0 laneBegin name="main" kind=main
        1000 0 profile duration=4294967295 site="a.ts:1:1 line f" samples=4294967295 unit=s
        1000 0 profile duration=4294967295 site="a.ts:1:1 line f" samples=4294967295 unit=s
        2000 0 profile duration=700 name="code of ajv" samples=1
        2000 7 profile duration=4294967295 name="" unit=s
      `),
    );
    assert.deepEqual(
      [...trace.profile].map(({ lane, site, what, ns, samples }) => [lane, site, what, ns, samples]),
      [
        [0, 0, '', 1000, 2 * 4294967295],
        [0, -1, 'code of ajv', 700, 1],
        [1, -1, '', 2000, 0],
      ],
    );
    assert.deepEqual([trace.profile.totalNs, trace.profile.nsOfLane(0)], [3700, 1700]);
    assert.equal(trace.problemCount, 0);
  });

  it('stays a number that is exact, also in a trace of centuries', () => {
    const fold = new Fold();
    const late = fromText('0 0 profile duration=4294967295 samples=4294967295 unit=s');
    new DataView(late.buffer).setBigUint64(0, BigInt(Number.MAX_SAFE_INTEGER), true);
    const records = [fromText('0 0 laneBegin name="main" kind=main'), late];
    for (let part = 0; part < 4; part++) for (const record of records) fold.feed(part, record);
    assert.ok(fold.trace.profile.totalNs > 0);
    assert.ok(Number.isSafeInteger(fold.trace.profile.totalNs));
    for (const { ns, samples } of fold.trace.profile)
      assert.ok(Number.isSafeInteger(ns) && Number.isSafeInteger(samples));
  });

  it('has no place where nothing defines its site, and its time counts', () => {
    const records = recordsOf([
      [KIND.laneBegin, 0, 0, 0, 0],
      [KIND.profile, 0, 1, 77, 0],
    ]);
    const { profile } = folded(records);
    assert.deepEqual(
      [...profile].map(({ site, ns }) => [site, ns]),
      [[-1, 1]],
    );
  });
});

describe('the memory of a model', () => {
  it('follows the ids that were defined, and not how large they are', () => {
    const fold = new Fold();
    const before = process.memoryUsage().arrayBuffers;
    const records = begin(1, 1_000_000);
    for (let part = 0; part < 2000; part++) fold.feed(part, records);
    const perPart = (process.memoryUsage().arrayBuffers - before) / 2000;
    assert.equal(fold.trace.tasks.count, 2000);
    assert.ok(perPart < 4096, `${perPart} bytes a part`);
  });

  it('has bounds: what comes after is left out, and one sentence says so', () => {
    const fold = new Fold();
    const records = begin(1, 1);
    for (let part = 0; part < BUDGET.processes.max + 3; part++) fold.feed(part, records);
    assert.equal(fold.trace.processes.length, BUDGET.processes.max);
    assert.deepEqual(exceededBounds(fold.trace), [
      'it holds more than 16,384 processes; what came after them is left out',
    ]);
  });
});
