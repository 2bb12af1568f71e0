import assert from 'node:assert/strict';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, it } from 'mocha';
import { follow, type FollowOptions, type Following } from '../../runtime/launch/follow.ts';
import { PartTail, type PartSink } from '../../runtime/launch/part-tail.ts';
import { begin, end, hole, newPart, processEnd, temporaryFolders, describeRecords } from './part-writer.ts';

const folder = temporaryFolders();

interface Followed {
  readonly following: Following;
  readonly lines: string[];
  readonly troubles: string[];
  /** Resolves once there are `count` lines. */
  lineCount(count: number): Promise<void>;
  readonly ended: Promise<void>;
}

const followings: Following[] = [];
afterEach(() => followings.splice(0).forEach((following) => following.stop()));

function followParts(path: string, options: Partial<FollowOptions> = {}): Followed {
  const lines: string[] = [];
  const troubles: string[] = [];
  const awaited: { readonly count: number; readonly resolve: () => void }[] = [];
  let resolveEnded = (): void => {};
  const ended = new Promise<void>((resolve) => (resolveEnded = resolve));
  const following = follow(path, {
    pollMs: 1,
    onBlock: (part, records) => {
      lines.push(...describeRecords(records).map((line) => `${part} ${line}`));
      for (const { count, resolve } of awaited) if (lines.length >= count) resolve();
    },
    onTrouble: (words) => troubles.push(words),
    onEnd: () => resolveEnded(),
    ...options,
  });
  followings.push(following);
  const lineCount = (count: number): Promise<void> =>
    lines.length >= count ? Promise.resolve() : new Promise((resolve) => awaited.push({ count, resolve }));
  return { following, lines, troubles, lineCount, ended };
}

describe('following a recording', () => {
  it('reads what is there, then what is appended, and ends when the process has recorded its end', async () => {
    const at = folder();
    const part = newPart(at, { pid: process.pid });
    part.append(begin(1, 1));
    const followed = followParts(at);
    await followed.lineCount(1);
    part.append(end(2, 1));
    await followed.lineCount(2);
    part.append(processEnd(3));
    await followed.ended;
    assert.deepEqual(followed.lines, ['0 activationBegin@1', '0 activationEnd@2', '0 processEnd@3']);
    assert.deepEqual(followed.troubles, []);
  });

  it('waits for a folder, a head and half a record to be completed', async () => {
    const at = folder();
    const followed = followParts(at);
    const part = newPart(at, { pid: process.pid });
    const record = begin(7, 1);
    truncateSync(part.path, 100);
    await new Promise(setImmediate);
    const whole = newPart(at, { pid: process.pid });
    whole.append(record.subarray(0, 20));
    await new Promise(setImmediate);
    whole.append(record.subarray(20));
    await followed.lineCount(1);
    assert.deepEqual(followed.lines, ['0 activationBegin@7']);
  });

  it('reads segment after segment, and the parts of processes that appear', async () => {
    const at = folder();
    newPart(at, { pid: process.pid }).append(begin(1, 1));
    const followed = followParts(at);
    await followed.lineCount(1);
    newPart(at, { pid: process.pid, segment: 1 }).append(end(2, 1));
    await followed.lineCount(2);
    newPart(at, { startNs: 2000n }).append(begin(3, 1));
    await followed.lineCount(3);
    followed.following.finish();
    await followed.ended;
    assert.deepEqual(followed.lines, ['0 activationBegin@1', '0 activationEnd@2', '1 activationBegin@3']);
    assert.deepEqual(
      followed.following.heads().map((head) => head?.startNs),
      [1000n, 2000n],
    );
  });

  it('ends by itself when a process died without recording its end', async () => {
    const at = folder();
    newPart(at).append(begin(1, 1));
    const followed = followParts(at);
    await followed.ended;
    assert.deepEqual(followed.lines, ['0 activationBegin@1']);
  });

  it('with `endsWith: finish` outlives its processes until `finish` is called', async () => {
    const at = folder();
    newPart(at).append(begin(1, 1), processEnd(2));
    const followed = followParts(at, { endsWith: 'finish' });
    let over = false;
    void followed.ended.then(() => (over = true));
    await followed.lineCount(2);
    // This follower began later and ends with the processes: by then the first would have ended.
    await followParts(at).ended;
    assert.equal(over, false, 'it ended with the process');
    newPart(at, { startNs: 2000n }).append(begin(3, 1));
    await followed.lineCount(3);
    followed.following.finish();
    await followed.ended;
    assert.equal(followed.lines[2], '1 activationBegin@3');
  });

  it('pauses after `false` until it is resumed, and loses nothing', async () => {
    const at = folder();
    const records = Array.from({ length: 10 }, (_, i) => begin(i, i + 1));
    newPart(at).append(...records);
    const lines: string[] = [];
    let over = false;
    const ended = new Promise<void>((resolve) => {
      const following = follow(at, {
        pollMs: 1,
        blockRecords: 3,
        onBlock: (_part, block) => {
          const before = lines.length;
          lines.push(...describeRecords(block));
          queueMicrotask(() => {
            assert.equal(lines.length, Math.min(10, before + 3), 'it went on by itself');
            following.resume();
          });
          return false;
        },
        onEnd: () => {
          over = true;
          resolve();
        },
      });
      followings.push(following);
    });
    await ended;
    assert.ok(over);
    assert.deepEqual(
      lines,
      records.map((_, i) => `activationBegin@${i}`),
    );
  });

  it('reads nothing after stop', async () => {
    const at = folder();
    newPart(at).append(begin(1, 1));
    const followed = followParts(at, { onEnd: () => assert.fail('it called onEnd') });
    followed.following.stop();
    await new Promise(setImmediate);
    assert.deepEqual(followed.lines, []);
  });

  it('names a part that is foreign, newer or cut, and reads the others', async () => {
    const at = folder();
    writeFileSync(join(at, '1-1.0000.part'), 'not a part'.repeat(500));
    const newer = newPart(at, { startNs: 2n });
    const bytes = Buffer.alloc(4096);
    bytes.write('SIMULREC');
    bytes.writeUInt16LE(9, 8);
    writeFileSync(newer.path, bytes);
    newPart(at, { startNs: 3n }).append(begin(1, 1), begin(2, 2).subarray(0, 13));
    writeFileSync(join(at, 'notes.txt'), 'not looked at');
    const followed = followParts(at);
    followed.following.finish();
    await followed.ended;
    assert.deepEqual(followed.lines, ['2 activationBegin@1']);
    assert.equal(followed.troubles.length, 3);
    assert.match(followed.troubles[0]!, /1-1\.0000\.part: it does not begin like a part/);
    assert.match(followed.troubles[1]!, /newer Simul \(format 9/);
    assert.match(followed.troubles[2]!, /the 13 bytes from byte 4128 on are not a whole record/);
  });

  it('reports once that the folder cannot be read', async () => {
    const followed = followParts(join(folder(), 'none'));
    followed.following.finish();
    await followed.ended;
    assert.match(followed.troubles.join(), /^the recording .*none cannot be read: it does not exist$/);
  });
});

describe('a hole in a part', () => {
  function collect(nowMs: () => number): { readonly sink: PartSink; readonly lines: string[] } {
    const lines: string[] = [];
    const sink = {
      buffer: new Uint8Array(4 * 32),
      onRecords: (_part: number, records: Uint8Array): void => void lines.push(...describeRecords(records)),
      onTrouble: (words: string): void => void lines.push(words),
      nowMs,
    };
    return { sink, lines };
  }

  it('with records behind it is skipped after a second and counted', () => {
    const at = folder();
    const part = newPart(at, { pid: process.pid });
    part.append(begin(1, 1), hole(2), end(9, 1));
    let now = 0;
    const { sink, lines } = collect(() => now);
    const tail = new PartTail(0);
    tail.addSegment(part.path);
    while (tail.readBlock(sink, false));
    assert.deepEqual(lines, ['activationBegin@1']);
    now = 999;
    while (tail.readBlock(sink, false));
    assert.deepEqual(lines, ['activationBegin@1']);
    now = 1000;
    while (tail.readBlock(sink, false));
    assert.deepEqual(lines, ['activationBegin@1', 'lost 2@9', 'activationEnd@9']);
    tail.close();
  });

  it('that is filled in time loses nothing', () => {
    const at = folder();
    const part = newPart(at, { pid: process.pid });
    part.append(hole(1), end(9, 1));
    const { sink, lines } = collect(() => 0);
    const tail = new PartTail(0);
    tail.addSegment(part.path);
    while (tail.readBlock(sink, false));
    assert.deepEqual(lines, []);
    const again = newPart(at, { pid: process.pid });
    again.append(begin(4, 1), end(9, 1));
    while (tail.readBlock(sink, false));
    assert.deepEqual(lines, ['activationBegin@4', 'activationEnd@9']);
    tail.close();
  });

  it('larger than the reader’s buffer is skipped and counted too', () => {
    const at = folder();
    const part = newPart(at, { pid: process.pid });
    part.append(begin(1, 1), hole(50), end(9, 1));
    let now = 0;
    const { sink, lines } = collect(() => now);
    const tail = new PartTail(0);
    tail.addSegment(part.path);
    for (now = 0; now < 5000; now += 500) while (tail.readBlock(sink, false));
    assert.deepEqual(lines[0], 'activationBegin@1');
    assert.equal(lines.at(-1), 'activationEnd@9');
    const lost = lines.filter((line) => line.startsWith('lost')).map((line) => Number(line.split(/[ @]/)[1]));
    assert.equal(
      lost.reduce((a, b) => a + b, 0),
      50,
    );
    tail.close();
  });

  it('at the end of a dead process’s part was never written, so nothing counts as lost', () => {
    const at = folder();
    const part = newPart(at);
    part.append(begin(1, 1), hole(9));
    const { sink, lines } = collect(() => 0);
    const tail = new PartTail(0);
    tail.addSegment(part.path);
    while (tail.readBlock(sink, true));
    assert.deepEqual(lines, ['activationBegin@1']);
  });
});
