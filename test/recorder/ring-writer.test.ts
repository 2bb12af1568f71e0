import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { KIND } from '../../runtime/trace/format/kinds.ts';
import { RECORD_BYTES, TEXT_MAX_BYTES } from '../../runtime/trace/format/layout.ts';
import { toText } from '../../runtime/trace/format/text.ts';
import { CONTROL, RING_ROW, SHIPPER } from '../../runtime/recorder/shared-memory.ts';
import { inMemory } from './in-memory.ts';

const run = (
  writer: { write: (...args: [number, number, number, number, number, number, number]) => void },
  n: number,
) => writer.write(KIND.run, 0, n, 0, 0, 0, 0);
const tasks = (bytes: Uint8Array): number[] => {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  return Array.from({ length: bytes.length / RECORD_BYTES }, (_, i) => words[i * 8 + 2]!);
};

describe('a ring’s writer', () => {
  it('writes the fields where the layout says, stamped with the monotonic clock', () => {
    const { writer, bytes } = inMemory(8);
    const before = process.hrtime.bigint();
    writer.write(KIND.wait, 0x41, 7, 8, 9, 10, 11);
    const after = process.hrtime.bigint();
    const view = new DataView(bytes().buffer);
    const t = view.getBigUint64(0, true);
    assert.ok(before <= t && t <= after);
    assert.deepEqual(
      [8, 12, 16, 20, 24].map((at) => view.getUint32(at, true)),
      [7, 8, 9, 10, 11],
    );
    assert.deepEqual([view.getUint16(28, true), view.getUint8(30), view.getUint8(31)], [0, 0x41, KIND.wait]);
  });

  it('gives `writeAtLastTime` the time of the record before', () => {
    const { writer, bytes } = inMemory(8);
    writer.write(KIND.activationEnd, 1, 1, 0, 0, 0, 0);
    writer.writeAtLastTime(KIND.wake, 0, 2, 1, 0, 0, 0);
    const view = new DataView(bytes().buffer);
    assert.notEqual(view.getBigUint64(0, true), 0n);
    assert.equal(view.getBigUint64(32, true), view.getBigUint64(0, true));
  });

  it('starts again at the ring’s beginning once records have been freed', () => {
    const { writer, bytes, free } = inMemory(8);
    for (let n = 1; n <= 6; n++) run(writer, n);
    free(6);
    for (let n = 7; n <= 12; n++) run(writer, n);
    assert.deepEqual(tasks(bytes()), [9, 10, 11, 12, 0, 0, 7, 8]);
  });

  it('drops what does not fit, counts it, and records the count in the first free place', () => {
    const { memory, row, writer, bytes, free, text } = inMemory(8);
    for (let n = 1; n <= 10; n++) run(writer, n);
    assert.deepEqual(tasks(bytes()), [1, 2, 3, 4, 5, 6, 7, 0]);
    assert.equal(memory.words[row + RING_ROW.dropped], 3);
    free(7);
    run(writer, 11);
    assert.deepEqual(tasks(bytes()), [11, 0, 0, 0, 0, 0, 0, 0]);
    const lost = toText(bytes().subarray(7 * RECORD_BYTES), { times: 'none' });
    assert.match(lost, /^0 lost count=3 since=\d+ sinceHigh=\d+ where=ring$/m);
    assert.match(text(), /^0 run id=11$/m);
  });

  it('empties the rings itself rather than lose a record, under the policy `wait`', () => {
    let drained = 0;
    const ring = inMemory(8, 'wait', () => {
      drained++;
      ring.free(7);
      return true;
    });
    for (let n = 1; n <= 20; n++) run(ring.writer, n);
    assert.equal(ring.memory.words[ring.row + RING_ROW.dropped], 0);
    assert.equal(drained, 2);
    assert.deepEqual(
      tasks(ring.bytes())
        .filter(Boolean)
        .sort((a, b) => a - b),
      [15, 16, 17, 18, 19, 20],
    );
  });

  it('defines a text once, in pieces, before its first use', () => {
    const { writer, text, bytes } = inMemory(64);
    const long = 'größer als ein Stück: '.repeat(4).trim();
    const id = writer.defineText(long);
    assert.equal(writer.defineText(long), id);
    writer.write(KIND.agent, 1, 0, id, 0, 0, 0);
    assert.equal(text(), `0 agent text=${JSON.stringify(long)} news=on\n`);
    const pieces = [...bytes()]
      .filter((_, i) => i % RECORD_BYTES === 31)
      .filter((kind) => kind === KIND.text).length;
    assert.equal(pieces, Math.ceil(Buffer.byteLength(long) / 24));
  });

  it('takes no id for the empty text, and a whole piece for a text that fills it', () => {
    const { writer, text } = inMemory(64);
    assert.equal(writer.defineText(''), 0);
    writer.write(KIND.agent, 1, 0, writer.defineText('x'.repeat(24)), 0, 0, 0);
    assert.equal(text(), `0 agent text="${'x'.repeat(24)}" news=on\n`);
  });

  it('cuts a text that is too long at a character, ending in …', () => {
    const { writer, text } = inMemory(1024);
    writer.write(KIND.agent, 1, 0, writer.defineText('ü'.repeat(5000)), 0, 0, 0);
    const written = /text="(.*)"/.exec(text())![1]!;
    assert.ok(written.endsWith('ü…') && Buffer.byteLength(written) <= TEXT_MAX_BYTES, written.slice(-3));
    assert.ok(!written.includes('\uFFFD'));
  });

  it('writes a site with its column, its line’s hash and its texts', () => {
    const { writer, text } = inMemory(64);
    const id = writer.reserveSiteIds(3);
    writer.defineSite({
      id,
      file: '/a/b.ts',
      line: 3,
      column: 5,
      fn: 'f',
      text: 'g()',
      role: 2,
      direct: true,
      lineHash: 77,
    });
    writer.write(KIND.wait, 14, 1, id, 0, 0, 0);
    assert.equal(text(), '0 wait id=1 site="/a/b.ts:3:5 await! f | g()" reason=future\n');
    assert.equal(writer.reserveSiteIds(1), id + 3);
  });

  it('wakes a sleeping shipper', () => {
    const { writer, memory } = inMemory(8);
    memory.words[CONTROL.shipper] = SHIPPER.asleep;
    run(writer, 1);
    assert.equal(memory.words[CONTROL.shipper], SHIPPER.awake);
  });

  it('empties the rings itself until the shipper does: its first record at once', () => {
    let rounds = 0;
    const { writer, memory } = inMemory(8, 'drop', () => ++rounds > 0);
    memory.words[CONTROL.shipper] = SHIPPER.starting;
    run(writer, 1);
    assert.equal(rounds, 1);
  });

  it('empties the rings itself where the shipper is late', () => {
    let rounds = 0;
    const { writer, memory } = inMemory(4096, 'drop', () => ++rounds > 0);
    memory.floats[CONTROL.drainedF64] = Number(process.hrtime.bigint()) - 6e6;
    for (let n = 1; n <= 256; n++) run(writer, n);
    assert.equal(rounds, 0);
    run(writer, 257);
    assert.equal(rounds, 1);
  });
});
