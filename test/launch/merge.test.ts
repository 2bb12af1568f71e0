/**
 * One trace of several recordings: machines with clocks of their own, and processes whose pids are
 * the same. What jobs say aligns the clocks; within what that leaves open no order is told.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { describeClock } from '../../runtime/launch/commands/merge.ts';
import { type MergedTrace, mergeTraces } from '../../runtime/launch/merge-traces.ts';
import { saveTrace } from '../../runtime/launch/saved-trace.ts';
import { openTrace } from '../../runtime/launch/open-trace.ts';
import { fromText } from '../../runtime/trace/format/text.ts';
import { encodePartHead, partName } from '../../runtime/trace/format/part.ts';
import { LANGUAGE } from '../../runtime/trace/format/kinds.ts';
import { Trace } from '../../runtime/trace/model/trace.ts';
import { describeJobChain } from '../../runtime/trace/words/job-chain.ts';
import { describeJobLine } from '../../runtime/trace/words/job-line.ts';
import { plain } from '../../runtime/trace/words/sentence.ts';

const MS = 1_000_000n;
const QUEUE = 'name="words|10.0.0.7:6379/0 bull:words" kind=job-queue';

/** Times are ms of the machine's own. It adds jobs at 100, 200, … and has a result 60 ms later. */
const producer = (jobs: number): string => `
  0 0 processBegin pid=4711 argv="node shop.mjs" language=node method=program
  0 0 laneBegin osThread=1 name="main" kind=main
  0 0 activationBegin id=1 name="produce" kind=main
  1 0 resourceBegin creator=1 id=2 ${QUEUE}
  ${Array.from({ length: jobs }, (_, i) => {
    const ms = 100 * (i + 1);
    return `
  ${ms} 0 resourceBegin creator=1 id=${10 + i} site="a.ts:3:1 call produce | add()" name="count" kind=job
  ${ms} 0 link id=1 token=${100 + i} tokenHigh=9 resource=2 attempt=1 way=send kind=queued-job
  ${ms + 60} 0 link id=1 token=${900 + i} tokenHigh=9 way=receive kind=queued-result`;
  }).join('')}`;
/** Begins each job 20 ms after it was added, as a clock that agrees would show it, for 20 ms. */
const worker = (jobs: number, withResults = true): string => `
  0 0 processBegin pid=4711 argv="node work.mjs" language=node method=program
  0 0 laneBegin osThread=1 name="main" kind=main
  0 0 activationBegin id=1 name="work" kind=main
  1 0 resourceBegin creator=1 id=2 ${QUEUE}
  ${Array.from({ length: jobs }, (_, i) => {
    const ms = 100 * (i + 1);
    return `
  ${ms + 20} 0 activationBegin id=${10 + i} parent=1 name="count" kind=job
  ${ms + 20} 0 link id=${10 + i} token=${100 + i} tokenHigh=9 resource=2 attempt=1 way=receive kind=queued-job${
    withResults
      ? `
  ${ms + 40} 0 link id=${10 + i} token=${900 + i} tokenHigh=9 way=send kind=queued-result`
      : ''
  }
  ${ms + 40} 0 activationEnd id=${10 + i} outcome=ok`;
  }).join('')}`;

describe('simul merge', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'simul-merge-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  interface Made {
    readonly boot?: string;
    /** The machine's monotonic clock at its 0 ms. */
    readonly zeroMs?: bigint;
    /** By how much its wall clock is wrong. */
    readonly skewMs?: bigint;
  }
  const WALL_MS = 1_790_000_000_000n;
  const record = (
    name: string,
    text: string,
    { boot = name, zeroMs = 5000n, skewMs = 0n }: Made = {},
  ): string => {
    const path = join(folder, name);
    mkdirSync(path);
    const inNs = text.replaceAll(
      /^(\s*)(\d+) (?=\d)/gm,
      (_, space: string, ms: string) => `${space}${ms}000000 `,
    );
    const startNs = zeroMs * MS;
    const wallNs = (WALL_MS + skewMs) * MS;
    const head = encodePartHead({ pid: 4711, segment: 0, startNs, wallNs, language: LANGUAGE.node });
    writeFileSync(join(path, partName(4711, startNs, 0)), Buffer.concat([head, fromText(inNs, startNs)]));
    writeFileSync(
      join(path, 'identity.json'),
      JSON.stringify({ recording: name, host: name, boot, pids: '1' }),
    );
    return path;
  };
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
    const saved = (name: string, text: string, made?: Made): string => {
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

  it('says what it cannot read', () => {
    const a = record('host-a', producer(1));
    assert.match(
      String(mergeTraces([a, join(folder, 'gone')], join(folder, 'out.simul'))),
      /gone cannot be opened: /,
    );
  });
});
