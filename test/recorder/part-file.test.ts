import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { KIND, LOSS } from '../../runtime/trace/format/kinds.ts';
import { RECORD_BYTES } from '../../runtime/trace/format/layout.ts';
import {
  PART_HEAD_BYTES,
  decodePartHead,
  decodePartLoss,
  parsePartName,
  partName,
} from '../../runtime/trace/format/part.ts';
import { toText } from '../../runtime/trace/format/text.ts';
import { recordOf } from '../../runtime/recorder/part-file.ts';
import { type Recording, joinRecording, startRecording } from '../../runtime/recorder/recording.ts';
import { CONTROL, MAX_RINGS, openSharedMemory } from '../../runtime/recorder/shared-memory.ts';

describe('a part on disk', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'simul-part-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const parts = () => readdirSync(folder).sort();
  const read = (name: string) => readFileSync(join(folder, name));
  const body = () => Buffer.concat(parts().map((name) => read(name).subarray(PART_HEAD_BYTES)));
  const text = (without = ['clock', 'times']) => toText(body(), { times: 'none', without });
  const runs = (recording: Recording, from: number, to: number) => {
    for (let n = from; n <= to; n++) recording.writer.write(KIND.run, 0, n, 0, 0, 0, 0);
  };

  it('begins with a head that names the process, and a clock record', () => {
    const recording = startRecording({ folder })!;
    recording.finish(null);
    const [name] = parts();
    assert.equal(parsePartName(name!)!.segment, 0);
    const head = decodePartHead(read(name!));
    assert.ok(typeof head !== 'string' && head.pid === process.pid && head.language === 1);
    assert.match(text([]), /^0 clock wall=\d+ wallHigh=\d+ uncertaintyNs=\d+\n$/);
  });

  it('holds every record in the order of writing, then the process’s last record', () => {
    const recording = startRecording({ folder })!;
    runs(recording, 1, 3);
    recording.flush();
    runs(recording, 4, 5);
    recording.finish(new Uint8Array(recordOf(1n, KIND.processEnd, 1).buffer));
    assert.equal(
      text(),
      '0 run id=1\n0 run id=2\n0 run id=3\n0 run id=4\n0 run id=5\n0 processEnd how=exit\n',
    );
  });

  it('holds every record in the order of writing, beyond the ring’s end too', () => {
    const recording = startRecording({ folder, mainRingBytes: 8 * RECORD_BYTES })!;
    for (let n = 1; n <= 40; n += 5) {
      runs(recording, n, n + 4);
      recording.flush();
    }
    recording.finish(null);
    assert.equal(text(), Array.from({ length: 40 }, (_, i) => `0 run id=${i + 1}\n`).join(''));
  });

  it('is cut into segments, each with a head of its own', () => {
    const recording = startRecording({ folder, limits: { segmentBytes: 64 * RECORD_BYTES } })!;
    for (let n = 1; n <= 300; n += 50) {
      runs(recording, n, n + 49);
      recording.flush();
    }
    recording.finish(null);
    assert.ok(parts().length >= 3, parts().join());
    parts().forEach((name, segment) => {
      const head = decodePartHead(read(name));
      assert.ok(typeof head !== 'string' && head.segment === segment);
    });
    assert.equal(text().split('\n').length - 1, 300);
  });

  it('stops at its limit, and says how many records are missing', () => {
    const recording = startRecording({ folder, limits: { totalBytes: 100 * RECORD_BYTES } })!;
    for (let n = 1; n <= 200; n += 20) {
      runs(recording, n, n + 19);
      recording.flush();
    }
    recording.finish(new Uint8Array(recordOf(1n, KIND.processEnd, 1).buffer));
    const lines = text().trim().split('\n');
    assert.equal(lines[79], '0 run id=80');
    assert.match(lines[80]!, /^0 lost count=120 since=\d+ sinceHigh=\d+ where=limit$/);
    assert.equal(lines[81], '0 processEnd how=exit');
    assert.equal(decodePartLoss(read(parts()[0]!)).records, 120);
  });

  it('goes on where room was made at its limit, and says what is missing in between', () => {
    const limits = { totalBytes: 65_536 * RECORD_BYTES, segmentBytes: 16_384 * RECORD_BYTES };
    const recording = startRecording({ folder, limits })!;
    const { floats } = openSharedMemory(recording.shared.buffer);
    for (let n = 1; n <= 70_000; n += 1000) {
      runs(recording, n, n + 999);
      recording.flush();
    }
    const written = text().split('\n').length - 1;
    recording.writer.defineText('named while there was no room');
    recording.flush();
    // A follower lets go of the oldest segments.
    for (const name of parts().slice(0, 2)) rmSync(join(folder, name));
    floats[CONTROL.measureAtF64] = 0;
    runs(recording, 70_001, 70_002);
    recording.finish(new Uint8Array(recordOf(1n, KIND.processEnd, 1).buffer));
    const lines = text().trim().split('\n').slice(-4);
    assert.match(
      lines[0]!,
      new RegExp(`^0 lost count=${70_000 - written} since=\\d+ sinceHigh=\\d+ where=room$`),
    );
    assert.deepEqual(lines.slice(1), ['0 run id=70001', '0 run id=70002', '0 processEnd how=exit']);
    assert.ok(body().includes('ile there was no'));
    assert.equal(decodePartLoss(read(parts().at(-1)!)).records, 70_000 - written);
  });

  it('counts in its head what the rings dropped', () => {
    const recording = startRecording({ folder, mainRingBytes: 8 * RECORD_BYTES })!;
    const { words } = openSharedMemory(recording.shared.buffer);
    // Another thread empties the rings, and comes to no end.
    words[CONTROL.lock] = 1;
    runs(recording, 1, 20);
    words[CONTROL.lock] = 0;
    recording.flush();
    assert.equal(decodePartLoss(read(parts()[0]!)).records, 13);
    recording.finish(null);
  });

  it('loses nothing where a burst is larger than the ring: the writer empties it', () => {
    const recording = startRecording({ folder, mainRingBytes: 8 * RECORD_BYTES })!;
    runs(recording, 1, 1000);
    recording.finish(null);
    assert.equal(text(), Array.from({ length: 1000 }, (_, i) => `0 run id=${i + 1}\n`).join(''));
  });

  it('goes on in its segment when no further one can be opened', () => {
    const recording = startRecording({ folder, limits: { segmentBytes: RECORD_BYTES } })!;
    const head = decodePartHead(read(parts()[0]!));
    assert.ok(typeof head !== 'string');
    // Its name is taken: the next segment cannot be made.
    mkdirSync(join(folder, partName(head.pid, head.startNs, 1)));
    for (let n = 1; n <= 3; n++) {
      runs(recording, n, n);
      recording.flush();
    }
    recording.finish(null);
    const only = read(parts()[0]!).subarray(PART_HEAD_BYTES);
    assert.equal(toText(only, { times: 'none', without: ['clock'] }), '0 run id=1\n0 run id=2\n0 run id=3\n');
  });

  it('has a lane and a count for a thread that found no ring', () => {
    const main = startRecording({ folder })!;
    const others = Array.from({ length: MAX_RINGS }, () => joinRecording(main.shared));
    const { writer } = others.at(-1)!;
    writer.write(KIND.laneBegin, 2, 0, 0, 0, 0, 0);
    for (let n = 1; n <= 7; n++) writer.write(KIND.run, 0, n, 0, 0, 0, 0);
    main.flush();
    assert.equal(decodePartLoss(read(parts()[0]!)).threadRecords, 7);
    writer.close();
    main.finish(null);
    assert.match(
      text(),
      /^250 laneBegin kind=worker\n250 lost count=7 since=\d+ sinceHigh=\d+ where=threads\n$/,
    );
  });

  it('takes the records of other threads, which share ids and not texts', () => {
    const main = startRecording({ folder })!;
    const other = joinRecording(main.shared);
    assert.equal(other.writer.lane, 1);
    assert.notEqual(main.writer.nextId(), other.writer.nextId());
    const [a, b] = [main.writer.defineText('same'), other.writer.defineText('same')];
    assert.notEqual(a, b);
    other.writer.write(KIND.agent, 1, 0, b, 0, 0, 0);
    main.writer.write(KIND.agent, 1, 0, a, 0, 0, 0);
    main.finish(null);
    assert.equal(text(), '1 agent text="same" news=on\n0 agent text="same" news=on\n');
  });

  it('does not exist when the folder does not: nothing is recorded and nothing thrown', () => {
    assert.equal(startRecording({ folder: join(folder, 'missing') }), null);
  });

  it('stops writing without an error when its file can no longer be written', () => {
    const recording = startRecording({ folder, limits: { segmentBytes: RECORD_BYTES } })!;
    rmSync(folder, { recursive: true });
    runs(recording, 1, 5);
    assert.equal(recording.flush(), true);
    runs(recording, 6, 9);
    recording.finish(null);
    const { floats, words } = openSharedMemory(recording.shared.buffer);
    assert.deepEqual([words[CONTROL.stopped], floats[CONTROL.discardedF64]], [LOSS.disk, 9]);
  });
});
