import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { follow } from '../../runtime/launch/follow.ts';
import { makeRoom } from '../../runtime/launch/keep-newest.ts';
import { openTrace } from '../../runtime/launch/open-trace.ts';
import { RecordPasses } from '../../runtime/launch/record-passes.ts';
import { KIND } from '../../runtime/trace/format/kinds.ts';
import { RECORD_BYTES } from '../../runtime/trace/format/layout.ts';
import { fromText } from '../../runtime/trace/format/text.ts';
import { partName } from '../../runtime/trace/format/part.ts';
import { State } from '../../runtime/trace/model/state.ts';
import type { Trace } from '../../runtime/trace/model/trace.ts';
import { describeKept } from '../../runtime/trace/words/kept.ts';
import { DEAD_PID, newPart, processEnd, record, temporaryFolders } from './part-writer.ts';

const folder = temporaryFolders();
const LIMIT = 100_000;
/** Records of a segment. */
const ROUNDS = 120;
const SEGMENTS = 8;

const START = `
  1000 0 clock wall=1000000 wallHigh=400000000
  1001 0 processBegin pid=41 parentPid=7 argv="node a.js" version="v20" language=node method=program
  1002 0 laneBegin name="main" kind=main osThread=41
  1003 0 resourceBegin creator=1 id=9 name="db" kind=lock capacity=1 bounded
  1010 0 activationBegin id=1 site="a.js:1:1 line <main>" name="a.js" kind=main
  1020 0 activationBegin id=2 parent=1 site="a.js:5:1 function idle" name="idle" kind=async-function unawaited
  1021 0 acquire by=2 resource=9 holder=2
  1030 0 wait id=2 site="a.js:6:3 await idle | forever" reason=future
  1040 0 wait id=1 site="a.js:2:1 await <main> | work()" reason=future
`;

/** A process that waits, holds a lock, and whose main task runs and waits for each segment. */
function writeProcess(
  at: string,
  { pid = process.pid, startNs = 1000n, segments = SEGMENTS, mtime = 1000 } = {},
): number {
  let records = 0;
  for (let segment = 0; segment < segments; segment++) {
    const part = newPart(at, { pid, startNs, segment });
    const rounds = Array.from({ length: ROUNDS }, (_, i) => {
      const t = 10_000 * (segment + 1) + 10 * i;
      return [record(KIND.run, t, 1), record(KIND.wait, t + 5, 1, [0, 0], 14)];
    }).flat();
    const first = segment === 0 ? [fromText(START)] : [];
    const bytes = Buffer.concat([...first, ...rounds]);
    part.append(bytes);
    records += bytes.length / RECORD_BYTES;
    utimesSync(part.path, mtime + segment, mtime + segment);
  }
  return records;
}

const sizeOf = (at: string): number =>
  readdirSync(at).reduce((sum, name) => sum + statSync(join(at, name)).size, 0);

const makeMoreRoom = async (at: string, limitBytes: number): Promise<boolean> =>
  (await makeRoom(at, limitBytes)).hasLetGo;

function open(at: string): Trace {
  const opened = openTrace(at);
  assert.ok(typeof opened !== 'string', String(opened));
  assert.deepEqual(opened.troubles, []);
  assert.deepEqual(opened.trace.problems, []);
  return opened.trace;
}

const segmentsOf = (at: string): string[] =>
  readdirSync(at)
    .sort()
    .map((name) => name.slice(name.indexOf('.') + 1));

describe('a recording near its limit', () => {
  it('keeps the newest segments, and of the others what went on when they end', async () => {
    const at = folder();
    const records = writeProcess(at);
    assert.ok(sizeOf(at) > LIMIT * 0.8);
    assert.equal(await makeMoreRoom(at, LIMIT), true);
    assert.ok(sizeOf(at) <= LIMIT * 0.8, String(sizeOf(at)));
    assert.deepEqual(segmentsOf(at), ['0002.kept.part', ...[3, 4, 5, 6, 7].map((n) => `000${n}.part`)]);

    const trace = open(at);
    const { tasks, resources, processes, kept } = trace;
    assert.equal(kept!.records + trace.events, records);
    assert.equal(kept!.sinceNs, 30_000 + 10 * (ROUNDS - 1) + 5 - 1000);
    assert.equal(processes[0]!.argv, 'node a.js');
    assert.deepEqual(
      [trace.nameOf(1), tasks.beganNs[1], tasks.state[1], tasks.sinceNs[1]],
      ['idle', 20, State.wait, 30],
    );
    assert.deepEqual([resources[0]!.name, resources[0]!.holder], ['db', 1]);
    // What the main task did before is not counted: five segments of runs of 5 ns.
    assert.equal(tasks.runNs[0], 5 * ROUNDS * 5);
    assert.match(
      describeKept(trace)!,
      new RegExp(
        `^Kept from \\d\\d:\\d\\d:\\d\\d on, 30 µs after the start: the ${kept!.records} records before were let go at the limit of 100 kB\\.$`,
      ),
    );
  });

  it('does so again and again, and counts all that was let go', async () => {
    const at = folder();
    const records = writeProcess(at);
    while (await makeMoreRoom(at, LIMIT / 2));
    assert.equal(await makeMoreRoom(at, LIMIT / 4), true);
    const trace = open(at);
    assert.equal(trace.kept!.records + trace.events, records);
    assert.deepEqual([trace.nameOf(1), trace.tasks.sinceNs[1]], ['idle', 30]);
    // The segment that is being written stays.
    assert.equal(segmentsOf(at).at(-1), '0007.part');
  });

  it('does nothing below the limit', async () => {
    const at = folder();
    writeProcess(at);
    assert.equal(await makeMoreRoom(at, 10 * LIMIT), false);
    assert.equal(segmentsOf(at).length, SEGMENTS);
  });

  it('is whole when the follower ends between any two steps', async () => {
    const at = folder();
    const records = writeProcess(at);
    const before = folder();
    mkdirSync(before, { recursive: true });
    for (const name of readdirSync(at)) copyFileSync(join(at, name), join(before, name));
    await makeRoom(at, LIMIT);
    // The checkpoint has its name, and the segments are still there.
    for (const name of readdirSync(before)) copyFileSync(join(before, name), join(at, name));
    writeFileSync(join(at, `${process.pid}-3e8.kept.tmp`), 'half of it');
    const trace = open(at);
    assert.equal(trace.kept!.records + trace.events, records);
    // The next round removes them.
    await makeRoom(at, LIMIT);
    assert.equal(open(at).kept!.records + open(at).events, records);
    assert.ok(!readdirSync(at).some((name) => name.endsWith('.tmp') || name.endsWith('.0001.part')));
  });

  it('lets go of the oldest of several processes, and of those that have ended at last', async () => {
    const at = folder();
    const records =
      writeProcess(at, { mtime: 5000 }) +
      writeProcess(at, { pid: DEAD_PID, startNs: 2000n, segments: 2, mtime: 1000 }) +
      writeProcess(at, { pid: DEAD_PID - 1, startNs: 3000n, segments: 2, mtime: 2000 });
    while (await makeMoreRoom(at, LIMIT));
    const trace = open(at);
    assert.equal(trace.kept!.records + trace.events, records);
    // The two are one checkpoint, which names the process that ended last.
    assert.equal(trace.processes.length, 2);
    assert.ok(readdirSync(at).includes(partName(process.pid, 1000n, SEGMENTS - 1)));
  });

  it('is read to its end by a reader that began before', async () => {
    const at = folder();
    const records = writeProcess(at);
    const passes = new RecordPasses(at);
    const read = (): number => {
      let bytes = 0;
      passes.read({
        onRecords: (_, block) => (bytes += block.length),
        onTrouble: (words) => assert.fail(words),
      });
      return bytes / RECORD_BYTES;
    };
    await makeRoom(at, LIMIT);
    assert.equal(read(), records);
    await makeRoom(at, LIMIT / 2);
    assert.equal(read(), records);
    passes.close();
  });

  it('goes on for a reader that is up to date', async () => {
    const at = folder();
    writeProcess(at, { pid: DEAD_PID });
    let bytes = 0;
    let letGo = 0;
    let isUpToDate!: () => void;
    let hasEnded!: () => void;
    const upToDate = new Promise<void>((resolve) => (isUpToDate = resolve));
    const ended = new Promise<void>((resolve) => (hasEnded = resolve));
    const following = follow(at, {
      onBlock: (_, block) => void (bytes += block.length),
      onCaughtUp: () => isUpToDate(),
      onEnd: () => hasEnded(),
      onLetGo: () => letGo++,
      onTrouble: (words) => assert.fail(words),
      endsWith: 'finish',
    });
    await upToDate;
    const before = bytes;
    await makeRoom(at, LIMIT);
    newPart(at, { pid: DEAD_PID, segment: SEGMENTS }).append(processEnd(100_000));
    following.finish();
    await ended;
    assert.equal(letGo, 0);
    assert.equal(bytes - before, RECORD_BYTES);
  });

  it('is read anew by a reader that was left behind', async () => {
    const at = folder();
    writeProcess(at, { pid: DEAD_PID });
    const outcome = await new Promise<string>((resolve) => {
      let blocks = 0;
      const following = follow(at, {
        // It pauses within the first segment, as a page without credit does.
        onBlock: () => {
          if (blocks++ > 0) return;
          void makeRoom(at, LIMIT).then(() => following.resume());
          return false;
        },
        blockRecords: 10,
        onLetGo: () => {
          following.stop();
          resolve('let go');
        },
        onEnd: () => resolve('ended'),
        onTrouble: resolve,
      });
    });
    assert.equal(outcome, 'let go');
  });
});
