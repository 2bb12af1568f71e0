import assert from 'node:assert/strict';
import { inflateRawSync, deflateRawSync } from 'node:zlib';
import { describe, it } from 'mocha';
import { encodeBlock } from '../../../runtime/trace/format/compact.ts';
import { crc32 } from '../../../runtime/trace/format/crc32.ts';
import {
  CHUNK_HEAD_BYTES,
  encodeBlockChunk,
  encodeEndChunk,
  encodePartChunk,
  encodeTraceHead,
  readTraceFile,
  recordsOf,
  TRACE_HEAD_BYTES,
  type TraceFileContents,
} from '../../../runtime/trace/format/trace-file.ts';
import { begin, end } from '../../launch/part-writer.ts';

const head = { pid: 4711, segment: 0, startNs: 123_456_789_012_345n, wallNs: 7n, language: 1 };
const first = Buffer.concat([begin(1, 1), begin(2, 2)]);
const second = Buffer.concat([end(3, 2), end(4, 1), begin(5, 3)]);

function blockChunk(part: number, records: Uint8Array): Uint8Array {
  const compact = encodeBlock(records);
  return encodeBlockChunk(part, records.length / 32, compact.length, deflateRawSync(compact));
}

const chunks = [
  encodeTraceHead(),
  encodePartChunk(0, head),
  blockChunk(0, first),
  blockChunk(0, second),
  encodeEndChunk(5),
];
const whole = Buffer.concat(chunks);
const offsetOf = (chunk: number): number =>
  chunks.slice(0, chunk).reduce((sum, { length }) => sum + length, 0);

function opened(file: Uint8Array): TraceFileContents {
  const contents = readTraceFile(file);
  assert.ok(typeof contents !== 'string', String(contents));
  return contents;
}

function recordsIn(file: Uint8Array): Uint8Array {
  return Buffer.concat(
    opened(file).blocks.map((block) => {
      const records = recordsOf(block, inflateRawSync(block.deflated));
      assert.ok(typeof records !== 'string', String(records));
      return records;
    }),
  );
}

describe('a trace file', () => {
  it('gives back its parts’ heads and its records', () => {
    const contents = opened(whole);
    assert.equal(contents.trouble, null);
    assert.deepEqual(contents.parts, [{ part: 0, head }]);
    assert.deepEqual(recordsIn(whole), Buffer.concat([first, second]));
  });

  it('opens at any offset within a larger buffer', () => {
    const shifted = Buffer.concat([Buffer.alloc(3), whole]).subarray(3);
    assert.deepEqual(recordsIn(shifted), Buffer.concat([first, second]));
  });

  it('that is empty, foreign, newer or cut within its head is refused in one sentence each', () => {
    const newer = Buffer.from(whole);
    newer.writeUInt16LE(2, 8);
    assert.equal(readTraceFile(new Uint8Array(0)), 'it is empty');
    assert.equal(
      readTraceFile(Buffer.from('{"traceEvents":[]}')),
      'it is not a Simul trace: it does not begin like one',
    );
    assert.equal(readTraceFile(newer), 'it was saved by a newer Simul (format 2; this one reads up to 1)');
    assert.equal(readTraceFile(whole.subarray(0, 11)), 'it was cut after 11 bytes, within its head');
  });

  it('cut anywhere opens as far as it is whole, and says at which byte it was cut', () => {
    for (let length = TRACE_HEAD_BYTES; length < whole.length; length++) {
      const { blocks, trouble } = opened(whole.subarray(0, length));
      const wholeBlocks = length < offsetOf(3) ? 0 : length < offsetOf(4) ? 1 : 2;
      assert.equal(blocks.length, wholeBlocks, `cut to ${length} bytes`);
      assert.match(trouble!, new RegExp(`^it was cut at byte ${length}[:,;]`));
    }
  });

  it('with any byte changed gives only records that were saved, and names the byte of the chunk', () => {
    const saved = Buffer.concat([first, second]).toString('hex');
    for (let at = TRACE_HEAD_BYTES; at < whole.length; at++) {
      const damaged = Buffer.from(whole);
      damaged[at]! ^= 0x41;
      const { trouble } = opened(damaged);
      assert.ok(trouble !== null, `byte ${at} makes no difference`);
      const chunk = [1, 2, 3, 4].findLast((n) => offsetOf(n) <= at)!;
      assert.match(trouble, new RegExp(`at byte ${offsetOf(chunk)}|cut at byte ${whole.length}`));
      assert.ok(saved.startsWith(Buffer.from(recordsIn(damaged)).toString('hex')));
    }
  });

  it('refuses a block that claims more than its bytes can hold, without inflating it', () => {
    const bomb = encodeBlockChunk(0, 5, 0x7fffffff, deflateRawSync(Buffer.alloc(1000)));
    const file = Buffer.concat([encodeTraceHead(), bomb, encodeEndChunk(5)]);
    assert.match(opened(file).trouble!, /its block at byte 16 claims 5 records in 2147483647 bytes/);
    assert.deepEqual(opened(file).blocks, []);
  });

  it('refuses more records than a file of its size can hold', () => {
    const records = Buffer.concat(Array.from({ length: 60_000 }, () => begin(1, 1)));
    const block = blockChunk(0, records);
    const file = Buffer.concat([encodeTraceHead(), ...Array.from({ length: 20 }, () => block)]);
    const { blocks, trouble } = opened(file);
    assert.ok(blocks.length < 20);
    assert.match(
      trouble!,
      /^it has more than \d+ records, too many for its \d+ bytes; \d+ records before that are whole$/,
    );
  });

  it('says when a block holds other than it claims', () => {
    const compact = encodeBlock(first);
    const file = Buffer.concat([
      encodeTraceHead(),
      encodeBlockChunk(0, 9, compact.length, deflateRawSync(compact)),
    ]);
    const [block] = opened(file).blocks;
    assert.match(String(recordsOf(block!, compact)), /holds 2 of 9 records/);
    assert.match(String(recordsOf(block!, compact.subarray(1))), /inflates to \d+ of \d+ bytes/);
  });

  it('says when something follows its end, and when the end counts other than it holds', () => {
    assert.match(opened(Buffer.concat([whole, Buffer.from('x')])).trouble!, /something follows its end/);
    const miscounted = Buffer.concat([...chunks.slice(0, 4), encodeEndChunk(6)]);
    assert.match(opened(miscounted).trouble!, /its end at byte \d+ counts 6 records; 5 records/);
    assert.equal(CHUNK_HEAD_BYTES, 24);
  });
});

describe('crc32', () => {
  it('is the one of zip and gzip, also in pieces', () => {
    const bytes = Buffer.from('123456789');
    assert.equal(crc32(bytes), 0xcbf43926);
    assert.equal(crc32(bytes.subarray(4), crc32(bytes.subarray(0, 4))), 0xcbf43926);
    assert.equal(crc32(new Uint8Array(0)), 0);
  });
});
