import assert from 'node:assert/strict';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import {
  BLOCK_MAX_RECORDS,
  COMPACT_VERSION,
  decodeBlock,
  encodeBlock,
} from '../../../runtime/trace/format/compact.ts';
import { crc32 } from '../../../runtime/trace/format/crc32.ts';
import { KIND, KIND_ROWS } from '../../../runtime/trace/format/kinds.ts';
import { head, RECORD_BYTES, RECORD_WORDS } from '../../../runtime/trace/format/layout.ts';
import { demoRecords } from '../../support/demo-records.ts';

type Values = readonly [
  tLow: number,
  tHigh: number,
  task: number,
  a: number,
  b: number,
  c: number,
  d: number,
];

function recordsOf(...rows: readonly (readonly [kind: number, flags: number, lane: number, ...Values])[]) {
  const words = new Uint32Array(rows.length * RECORD_WORDS);
  rows.forEach(([kind, flags, lane, ...values], i) => {
    words.set([...values, head(kind, flags, lane)], i * RECORD_WORDS);
  });
  return new Uint8Array(words.buffer);
}

function assertSame(records: Uint8Array): Uint8Array {
  const block = encodeBlock(records);
  assert.deepEqual(decodeBlock(block), records);
  return block;
}

/** A loop of `rounds` over 50 tasks, each: run, begin a child, the child ends and wakes, wait. */
function loop(rounds: number): Uint8Array {
  const words = new Uint32Array(rounds * 6 * RECORD_WORDS);
  let at = 0;
  let t = 1_000_000;
  const write = (kind: number, flags: number, values: readonly number[]): void => {
    t += 180 + ((at * 7919) % 450);
    words.set([t >>> 0, 7, ...values, head(kind, flags, 1)], at++ * RECORD_WORDS);
  };
  for (let i = 0; i < rounds; i++) {
    const task = 1 + ((i * 17) % 50);
    const child = 100 + i;
    write(KIND.run, 1, [task, 0, 0, 0, 0]);
    write(KIND.activationBegin, 1, [child, task, 5, 0, 0]);
    write(KIND.wait, 1, [task, 6, child, 0, 0]);
    write(KIND.activationEnd, 1, [child, 0, 0, 0, 0]);
    write(KIND.wake, 0, [task, child, child, 0, 0]);
    write(KIND.put, 1, [task, 3, i % 9, i, 0]);
  }
  return new Uint8Array(words.buffer);
}

describe('the compact block', () => {
  it('reads records wherever they lie, a piece of a shared Buffer at an odd place included', () => {
    const records = loop(20);
    const pooled = Buffer.concat([Buffer.alloc(1), records]).subarray(1);
    assert.deepEqual(encodeBlock(pooled), encodeBlock(records));
  });

  it('gives back no records, one of each kind, and kinds that do not exist', () => {
    assertSame(recordsOf());
    assertSame(
      recordsOf(...KIND_ROWS.map(({ number: kind }) => [kind, 0xa5, 3, 9, 1, 2, 3, 4, 5, 6] as const)),
    );
    assertSame(recordsOf([0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [255, 255, 65535, 1, 2, 3, 4, 5, 6, 7]));
  });

  it('gives back every field at its limits', () => {
    const most = 0xffffffff;
    for (const { number: kind } of KIND_ROWS) {
      assertSame(
        recordsOf(
          [kind, 0, 0, 0, 0, 0, 0, 0, 0, 0],
          [kind, 255, 65535, most, most, most, most, most, most, most],
          [kind, 1, 1, 0, 0, 1, 0x80000000, 0x7fffffff, most, 1],
          [kind, 2, 1, most, 0, 0, 0, 0, 0, 0],
          [kind, 2, 1, 3, 1, 0, 0, 0, 0, 0],
        ),
      );
    }
  });

  it('gives back times that stand still, go back, jump ahead and cross 2³² ns', () => {
    const times = [
      [5, 1],
      [5, 1],
      [4, 1],
      [4, 0],
      [0xffffffff, 0],
      [2, 1],
      [2, 900],
      [1, 901],
      [1, 901],
    ];
    assertSame(
      recordsOf(...times.map(([low, high]) => [KIND.run, 0, 1, low!, high!, 1, 0, 0, 0, 0] as const)),
    );
    assertSame(
      recordsOf(...times.map(([low, high]) => [KIND.step, 0, 1, low!, high!, 1, 7, 0, 0, 0] as const)),
    );
  });

  it('gives back any records (law)', () => {
    const word = fc.oneof(fc.nat(20), fc.integer({ min: 0, max: 0xffffffff }));
    const row = fc.tuple(
      fc.oneof(fc.integer({ min: 1, max: 29 }), fc.nat(255)),
      fc.nat(255),
      fc.nat(5),
      word,
      word,
      word,
      word,
      word,
      word,
      word,
    );
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
        assertSame(recordsOf(...rows));
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('stands alone: what was coded before it makes no difference', () => {
    const first = loop(40);
    const alone = encodeBlock(first);
    encodeBlock(loop(300));
    decodeBlock(encodeBlock(loop(200)));
    assert.deepEqual(encodeBlock(first), alone);
    assert.deepEqual(decodeBlock(alone), first);
  });

  it('reads records that lie at any offset, and decodes into a buffer that is given', () => {
    const records = loop(10);
    const shifted = new Uint8Array(records.length + 1);
    shifted.set(records, 1);
    const block = assertSame(records);
    assert.deepEqual(encodeBlock(shifted.subarray(1)), block);
    const into = new Uint8Array(records.length + 64).fill(0xee);
    const decoded = decodeBlock(block, into);
    assert.ok(typeof decoded !== 'string');
    assert.equal(decoded.buffer, into.buffer);
    assert.deepEqual(decoded, records);
  });

  it('spends at most 3.5 bytes an event on tasks in a loop, deflated', () => {
    const records = loop(4000);
    const bytes = deflateRawSync(assertSame(records)).length;
    const each = bytes / (records.length / RECORD_BYTES);
    assert.ok(each <= 3.5, `${each.toFixed(2)} bytes an event`);
  });

  // A saved trace outlives its Simul: whoever changes what a block looks like raises
  // COMPACT_VERSION, then adds a row here.
  it('looks the same for as long as its version is the same', () => {
    const looks: Record<number, number> = { 1: 4_161_561_110 };
    assert.equal(crc32(encodeBlock(demoRecords(3))), looks[COMPACT_VERSION]);
  });

  it('refuses half a record to encode, by name', () => {
    assert.throws(() => encodeBlock(new Uint8Array(33)), /whole records.*33 bytes/);
  });
});

describe('a damaged compact block', () => {
  const block = encodeBlock(loop(20));
  const sentence = (bytes: Uint8Array): string => {
    const result = decodeBlock(bytes);
    assert.ok(typeof result === 'string', 'it was taken for whole');
    return result;
  };

  it('is refused at every length that it can be cut to', () => {
    for (let length = 0; length < block.length; length++) sentence(block.subarray(0, length));
  });

  it('is refused with a byte too many, of another format, or with a claim beyond its bytes', () => {
    assert.match(sentence(Uint8Array.of(...block, 0)), /1 bytes follow its last column/);
    for (const other of [0, COMPACT_VERSION + 1, 255]) {
      const words = sentence(Uint8Array.of(other, ...block.subarray(1)));
      assert.equal(words, `the block is of format ${other}; this Simul reads format ${COMPACT_VERSION}`);
    }
    assert.match(sentence(Uint8Array.of(1, 0xff, 0xff, 0xff, 0x7f, 1)), /claims 268435455 records/);
    assert.equal(BLOCK_MAX_RECORDS * RECORD_BYTES, 32 * 1024 * 1024);
  });

  it('whose column of times is shorter than its records is refused', () => {
    const times = [5, 6, 8].map((t) => [KIND.run, 0, 1, t, 0, 0, 0, 0, 0, 0] as const);
    const whole = [1, 3, 1, 1, 0, 0, KIND.run, 0, 2, 0, 3, 1, 3, 0, 0, 0, 5, 1, 2];
    assert.deepEqual([...encodeBlock(recordsOf(...times))], whole);
    const short = [1, 3, 1, 1, 0, 0, KIND.run, 0, 2, 0, 3, 1, 2, 0, 0, 0, 5, 1];
    assert.match(sentence(Uint8Array.from(short)), /column 1 does not fit its number of records/);
  });

  it('with any byte changed is refused or gives as many whole records, never throws', () => {
    for (let at = 0; at < block.length; at++) {
      for (const flip of [1, 0x80, 0xff]) {
        const bytes = block.slice();
        bytes[at]! ^= flip;
        const result = decodeBlock(bytes);
        if (typeof result !== 'string') assert.equal(result.length % RECORD_BYTES, 0);
      }
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        decodeBlock(bytes);
        decodeBlock(Uint8Array.of(1, ...bytes));
      }),
      { numRuns: 2000, seed: 7 },
    );
  });
});
