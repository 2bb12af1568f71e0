import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import { Checkpoint } from '../../../runtime/trace/format/checkpoint.ts';
import { KEPT_REASON, KIND } from '../../../runtime/trace/format/kinds.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';
import { RECORD_BYTES } from '../../../runtime/trace/format/layout.ts';
import { resourceOfTarget, State, STATE_NAMES, taskOfTarget } from '../../../runtime/trace/model/state.ts';
import type { Trace } from '../../../runtime/trace/model/trace.ts';
import { seedRecordings } from '../../fuzz/seeds.ts';
import { demoRecords } from '../../support/demo-records.ts';

const MANY = 1e9;

function checkpointOf(records: Uint8Array, maxRecords = MANY): Uint8Array {
  const checkpoint = new Checkpoint();
  checkpoint.add(records);
  return checkpoint.encode({ why: KEPT_REASON.limit, limitBytes: 60e6, maxRecords });
}

function fold(...batches: readonly Uint8Array[]): Trace {
  const it = new Fold();
  for (const records of batches) it.feed(0, records);
  return it.trace;
}

/** What is known of each task that lives, by its id. */
function livingTasks(trace: Trace, ids: (id: number) => boolean): Map<number, string> {
  const { tasks } = trace;
  const found = new Map<number, string>();
  const idOf = (task: number): number => (task < 0 ? 0 : tasks.id[task]!);
  for (let task = 0; task < tasks.count; task++) {
    const id = tasks.id[task]!;
    if (tasks.state[task] === State.ended || !ids(id)) continue;
    const row = trace.rowOf(task);
    // A frame of what has ended is nobody's.
    if (tasks.state[row] === State.ended) continue;
    const isWaiting = tasks.state[task] === State.wait;
    const target = tasks.target[task]!;
    const targetId =
      target > 0 ? idOf(taskOfTarget(target)) : (trace.resources[resourceOfTarget(target)]?.id ?? 0);
    const isTargetGone = target > 0 && tasks.state[taskOfTarget(target)] === State.ended;
    found.set(
      id,
      [
        trace.nameOf(task),
        STATE_NAMES[tasks.state[task]!],
        `since ${isWaiting ? tasks.sinceNs[task] : '-'}`,
        `began ${tasks.beganNs[task]}`,
        `frame of ${idOf(tasks.frameOf[task]!)}`,
        isWaiting
          ? `site ${trace.sites[tasks.waitSite[task]!]?.line} for ${isTargetGone ? 0 : targetId}`
          : '',
        tasks.frameOf[task]! < 0
          ? `row ${STATE_NAMES[tasks.rowState[task]!]} since ${tasks.rowState[task] === State.wait ? tasks.rowSinceNs[task] : '-'} leaf ${idOf(tasks.leaf[task]!)}`
          : '',
      ].join(', '),
    );
  }
  return found;
}

const levels = (trace: Trace, ids: (id: number) => boolean): string[] =>
  trace.resources
    .filter(({ id, endedNs }) => endedNs === null && ids(id))
    .map(
      ({ id, name, level, holder }) => `${id} ${name} ${level} ${holder < 0 ? 0 : trace.tasks.id[holder]}`,
    );

const tops = (trace: Trace): string[] =>
  trace.lanes.filter(({ top }) => top >= 0).map(({ number, top }) => `${number}: ${trace.tasks.id[top]}`);

/** A part begins with the clock. */
const withClock = (records: Uint8Array): Uint8Array =>
  records[RECORD_BYTES - 1] === KIND.clock
    ? records
    : Buffer.concat([fromText('0 0 clock wall=1000000 wallHigh=400000000'), records]);

const holdsCheckpoint = (records: Uint8Array): boolean =>
  records.some((byte, i) => i % RECORD_BYTES === RECORD_BYTES - 1 && byte === KIND.kept);

const ALL = [...new Set(seedRecordings().flat()), demoRecords(6)]
  .filter((records) => !holdsCheckpoint(records))
  .map(withClock);

describe('a checkpoint', () => {
  for (const [n, records] of ALL.entries()) {
    it(`and what follows come to the state that all records come to (${n + 1})`, () => {
      const count = records.length / RECORD_BYTES;
      const whole = fold(records);
      const isKnown = (trace: Trace) => {
        const ids = new Set([
          ...trace.tasks.id.subarray(0, trace.tasks.count),
          ...trace.resources.map(({ id }) => id),
        ]);
        return (id: number): boolean => ids.has(id);
      };
      const step = Math.max(1, Math.floor(count / 150));
      for (let at = 1; at < count; at += step) {
        const before = records.subarray(0, at * RECORD_BYTES);
        const after = records.subarray(at * RECORD_BYTES);
        const atOnce = fold(before);
        if (atOnce.processes.length === 0) continue;
        const kept = fold(checkpointOf(before));
        const any = (): boolean => true;
        assert.deepEqual(livingTasks(kept, any), livingTasks(atOnce, any), `state at ${at}`);
        assert.deepEqual(tops(kept), tops(atOnce), `lanes at ${at}`);
        assert.deepEqual(levels(kept, any), levels(atOnce, isKnown(kept)), `levels at ${at}`);
        const later = fold(checkpointOf(before), after);
        assert.deepEqual(livingTasks(later, any), livingTasks(whole, isKnown(later)), `end after ${at}`);
        assert.deepEqual(
          later.problems
            .map((words) => words.replace(/^record \d+: /, ''))
            .filter((words) => !whole.problems.some((known) => known.endsWith(words))),
          [],
        );
        assert.equal(later.kept!.records + later.events, whole.events, `count after ${at}`);
        // A checkpoint of a checkpoint is the same.
        const half = Math.floor(at / 2) * RECORD_BYTES;
        const twice = new Checkpoint();
        twice.add(checkpointOf(records.subarray(0, half)));
        twice.add(records.subarray(half, at * RECORD_BYTES));
        const again = fold(twice.encode({ why: 1, limitBytes: 0, maxRecords: MANY }));
        assert.deepEqual(livingTasks(again, any), livingTasks(kept, any), `twice at ${at}`);
        assert.deepEqual(tops(again), tops(kept), `lanes twice at ${at}`);
        assert.equal(again.kept!.records, kept.kept!.records);
      }
    });
  }

  it('has a bound, and leaves out what was used longest ago', () => {
    const texts = (from: number, to: number): string =>
      Array.from(
        { length: to - from },
        (_, i) => `
        ${(from + i) * 10} 0 resourceBegin id=${from + i + 10} name="lock ${from + i}" kind=lock`,
      ).join('');
    const start = `
      0 0 clock wall=1000000 wallHigh=400000000
      1 0 laneBegin name="main" kind=main
      2 0 activationBegin id=1 name="waits" kind=async-function
      3 0 resourceBegin id=2 name="awaited" kind=lock
      4 0 wait id=1 for=2 reason=lock`;
    const records = fromText(start + texts(1, 2000));
    const bounded = checkpointOf(records, 200);
    assert.ok(bounded.length / RECORD_BYTES < 220, String(bounded.length / RECORD_BYTES));
    const { resources, tasks } = fold(bounded);
    assert.equal(tasks.count, 1);
    assert.equal(resources[0]!.name, 'awaited');
    assert.equal(resources.at(-1)!.name, 'lock 1999');
    assert.ok(resources.length > 50 && resources.length < 200);
  });

  it('remembers no more than a checkpoint holds, however much it reads', () => {
    const checkpoint = new Checkpoint();
    checkpoint.add(fromText('0 0 clock wall=1000000 wallHigh=400000000'));
    const one = new Uint32Array(fromText('1 0 resourceBegin id=2 kind=timer').buffer);
    for (let batch = 0; batch < 300; batch++) {
      const records = new Uint32Array(1000 * 8);
      for (let i = 0; i < 1000; i++) {
        records.set(one, i * 8);
        records[i * 8 + 3] = batch * 1000 + i + 10;
      }
      checkpoint.add(new Uint8Array(records.buffer));
    }
    assert.equal(checkpoint.records, 300_000);
    const kept = fold(checkpoint.encode({ why: 1, limitBytes: 0, maxRecords: MANY }));
    assert.equal(kept.kept!.records, 300_000);
    assert.equal(kept.resources.at(-1)!.id, 300_009);
  });
});
