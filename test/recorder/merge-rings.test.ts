import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { mergeRings } from '../../runtime/recorder/merge-rings.ts';
import { RingWriter } from '../../runtime/recorder/ring-writer.ts';
import {
  claimRing,
  createSharedMemory,
  RING_ROW,
  type SharedMemory,
} from '../../runtime/recorder/shared-memory.ts';
import { KIND } from '../../runtime/trace/format/kinds.ts';
import { RECORD_BYTES } from '../../runtime/trace/format/layout.ts';
import { toText } from '../../runtime/trace/format/text.ts';

const RECORDS = 16;

interface Ring {
  readonly row: number;
  readonly writer: RingWriter;
}

function ringsOf(count: number): { memory: SharedMemory; rings: Ring[] } {
  const memory = createSharedMemory(RECORDS * RECORD_BYTES, RECORDS * RECORD_BYTES, count);
  const rings = Array.from({ length: count }, () => {
    const row = claimRing(memory);
    return { row, writer: new RingWriter({ memory, row, whenFull: 'drop', drain: () => false }) };
  });
  return { memory, rings };
}

/** The records that one round writes, as text. The rings are free after it. */
function runRound(memory: SharedMemory, rings: readonly Ring[]): string[] {
  const { words, bytes } = memory;
  const pieces: Uint8Array[] = [];
  const filled = rings
    .map(({ row }) => [row, (words[row + RING_ROW.head]! - words[row + RING_ROW.tail]!) | 0] as const)
    .filter(([, count]) => count > 0);
  mergeRings(memory, filled, (row, count) => {
    for (let i = 0; i < count; i++) {
      const at =
        words[row + RING_ROW.base]! + ((words[row + RING_ROW.tail]! + i) & (RECORDS - 1)) * RECORD_BYTES;
      pieces.push(bytes.slice(at, at + RECORD_BYTES));
    }
    words[row + RING_ROW.tail]! += count;
  });
  return toText(Buffer.concat(pieces), { times: 'ns' }).trim().split('\n');
}

describe('A round over several rings', () => {
  it('writes a wake of another thread’s task after what that thread did before', () => {
    const { memory, rings } = ringsOf(2);
    const [main, worker] = rings.map(({ writer }) => writer);
    main!.writeAt(30n, KIND.wake, 0, 1, 7, 0, 0, 0);
    worker!.writeAt(10n, KIND.activationBegin, 0, 7, 0, 0, worker!.defineText('square'), 0);
    worker!.writeAt(20n, KIND.activationEnd, 1, 7, 0, 0, 0, 0);
    assert.deepEqual(
      runRound(memory, rings).map((line) => line.replace(/^\d+ \d+ /, '')),
      ['activationBegin id=7 name="square"', 'activationEnd id=7 outcome=ok', 'wake woken=1 waker=7'],
    );
  });

  it('keeps each ring’s order and loses nothing, whatever the times, over many rounds', () => {
    const record = fc.record({ ring: fc.nat(2), t: fc.nat(50), text: fc.boolean() });
    fc.assert(
      fc.property(fc.array(fc.array(record, { maxLength: 12 }), { maxLength: 5 }), (rounds) => {
        const { memory, rings } = ringsOf(3);
        let id = 0;
        for (const records of rounds) {
          const written: number[][] = [[], [], []];
          const latest: number[] = [0, 0, 0];
          const timeOf = new Map<number, number>();
          for (const { ring, t, text } of records) {
            const { writer } = rings[ring]!;
            const name = text ? writer.defineText(`text ${id}`) : 0;
            writer.writeAt(BigInt(t + 1), KIND.activationBegin, 0, ++id, 0, 0, name, 0);
            written[ring]!.push(id);
            // A record with an earlier time stays behind the records before it.
            latest[ring] = Math.max(latest[ring]!, t + 1);
            timeOf.set(id, latest[ring]!);
          }
          const lines = records.length === 0 ? [] : runRound(memory, rings);
          const ids = lines.map((line) => Number(/ id=(\d+)/.exec(line)![1]));
          for (const own of written)
            assert.deepEqual(
              ids.filter((each) => own.includes(each)),
              own,
            );
          const times = ids.map((each) => timeOf.get(each)!);
          assert.deepEqual(
            times,
            times.toSorted((a, b) => a - b),
          );
          for (const line of lines) assert.ok(!line.includes('?'), line);
        }
      }),
    );
  });
});
