/**
 * One trace of several recordings: machines with clocks of their own, and processes whose pids are
 * the same. What jobs say aligns the clocks; within what that leaves open no order is told.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { describeClock } from '../../runtime/launch/describe-clock.ts';
import { type MergedTrace, mergeTraces } from '../../runtime/launch/merge-traces.ts';
import { saveTrace } from '../../runtime/launch/saved-trace.ts';
import { openTrace } from '../../runtime/launch/open-trace.ts';
import { Trace } from '../../runtime/trace/model/trace.ts';
import { describeJobChain } from '../../runtime/trace/words/job-chain.ts';
import { describeJobLine } from '../../runtime/trace/words/job-line.ts';
import { plain } from '../../runtime/trace/words/sentence.ts';
import { type MachineClock, producer, recordMachine, worker } from '../support/machine-recordings.ts';

const MS = 1_000_000n;
describe('simul merge', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'simul-merge-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const record = (name: string, text: string, made: MachineClock = {}): string =>
    recordMachine(folder, name, text, made);
  const merge = (...paths: readonly string[]): MergedTrace => {
    const merged = mergeTraces(paths, join(folder, 'out.simul'));
    assert.ok(typeof merged !== 'string', String(merged));
    assert.deepEqual(merged.troubles, []);
    return merged;
  };
  const open = (): Trace => {
    const trace = new Trace();
    const opened = openTrace(join(folder, 'out.simul'), [], trace);
    assert.ok(typeof opened !== 'string', String(opened));
    assert.deepEqual(trace.problems, []);
    return trace;
  };
  const attempts = (trace: Trace): number[] =>
    trace.jobs.queues.flatMap((queue) => [...trace.jobs.attemptsOf(queue)]);
  const wordsOf = (trace: Trace, task: number): string => {
    const line = describeJobLine(trace, task);
    return `${line === null ? '' : plain(line.words)}${plain(describeJobChain(trace, task, line !== null))}`;
  };

  for (const skewMs of [-2000n, 0n, 2000n])
    it(`aligns clocks that differ by ${skewMs} ms, and says by how much that may be off`, () => {
      const a = record('host-a', producer(5));
      const b = record('host-b', worker(5), { zeroMs: 77_000n, skewMs });
      const { machines } = merge(a, b);
      // 20 ms one way, 20 ms the other: the offset is known to 20 ms, and is right.
      assert.equal(machines[1]!.uncertaintyNs, 20e6);
      assert.equal(machines[1]!.offsetNs, (5000n - 77_000n) * MS);
      assert.equal(
        describeClock(machines[1]!, machines[0]!.name),
        'the clock of host-b is known against that of host-a to ± 20 ms by 10 jobs and results, and was brought to that',
      );
      const trace = open();
      assert.equal(trace.processes.length, 2, 'two processes of one pid on two machines');
      assert.equal(trace.jobs.queues.length, 1);
      const [first] = attempts(trace);
      assert.equal(trace.links.submissionOf(first!)!.sender, 0);
      // No number is told more exactly than it is known.
      assert.equal(
        wordsOf(trace, first!),
        'Its job stood in line for at most 40 ms at job-queue words, added at a.ts:3. Its job was added by produce. Its result came to produce at most 40 ms after its end.',
      );
    });

  it('tells what lies further apart than the clocks are uncertain', () => {
    const slow = worker(5)
      .replace(/^ {2}520 0/gm, '  535 0')
      .replaceAll('540 0', '555 0');
    const b = record('host-b', slow, { zeroMs: 1n });
    merge(record('host-a', producer(5)), b);
    const trace = open();
    const last = attempts(trace).at(-1)!;
    assert.match(
      wordsOf(trace, last),
      /^Its job stood in line for 28 ms, give or take 13 ms, at job-queue words/,
    );
  });

  it('claims no certain order where jobs went one way only', () => {
    const a = record('host-a', producer(3));
    const b = record('host-b', worker(3, false), { skewMs: -2000n });
    const { machines } = merge(a, b);
    assert.equal(machines[1]!.uncertaintyNs, Infinity);
    assert.match(describeClock(machines[1]!, 'host-a'), /one way only: no order between them is certain/);
    const trace = open();
    // Received before it was sent it was not, all the same.
    for (const task of attempts(trace)) {
      const { sentNs, receivedNs } = trace.links.submissionOf(task)!;
      assert.ok(receivedNs >= sentNs);
      assert.match(wordsOf(trace, task), /^ Its job was added by produce/, 'no time is told');
    }
  });

  it('takes two recordings of one boot for what they are: one clock, no doubt', () => {
    const a = record('one', producer(2), { boot: 'b1' });
    const b = record('two', worker(2), { boot: 'b1' });
    const { machines } = merge(a, b);
    assert.equal(machines.length, 1);
    const trace = open();
    const [first] = attempts(trace);
    assert.match(wordsOf(trace, first!), /^Its job stood in line for 20 ms at job-queue words/);
  });

  it('merges saved traces as it does recordings, and refuses one that is merged already', () => {
    const saved = (name: string, text: string, made?: MachineClock): string => {
      const file = join(folder, `${name}.simul`);
      assert.ok(typeof saveTrace(record(name, text, made), file) !== 'string');
      return file;
    };
    const { machines } = merge(saved('host-a', producer(4)), saved('host-b', worker(4), { zeroMs: 9n }));
    assert.deepEqual(
      machines.map(({ name }) => name),
      ['host-a', 'host-b'],
    );
    assert.equal(open().processes.length, 2);
    const again = mergeTraces(
      [join(folder, 'out.simul'), join(folder, 'host-a.simul')],
      join(folder, 'more.simul'),
    );
    assert.match(String(again), /out\.simul is of several machines already/);
  });

  it('refuses the same recording twice, also as what was saved of it', () => {
    const a = record('host-a', producer(1));
    const file = join(folder, 'a.simul');
    assert.ok(typeof saveTrace(a, file) !== 'string');
    for (const [one, other] of [
      [a, `${folder}/./host-a`],
      [a, file],
    ] as const)
      assert.equal(
        mergeTraces([one, other], join(folder, 'out.simul')),
        `${other} and ${one} are the same recording`,
      );
  });

  it('says what it cannot read', () => {
    const a = record('host-a', producer(1));
    assert.match(
      String(mergeTraces([a, join(folder, 'gone')], join(folder, 'out.simul'))),
      /gone cannot be opened: /,
    );
  });
});
