/** A ring's writer for tests: its records stay in memory, to be read as bytes or as text. */
import { RECORD_BYTES } from '../../runtime/trace/format/layout.ts';
import { toText, type TextOptions } from '../../runtime/trace/format/text.ts';
import { RingWriter } from '../../runtime/recorder/ring-writer.ts';
import {
  RING_ROW,
  claimRing,
  createSharedMemory,
  type SharedMemory,
} from '../../runtime/recorder/shared-memory.ts';

export interface InMemory {
  readonly memory: SharedMemory;
  readonly writer: RingWriter;
  readonly row: number;
  /** The whole ring, in the order of its slots. */
  bytes(): Uint8Array;
  text(options?: TextOptions): string;
  /** Frees `count` records, as shipping them would. */
  free(count: number): void;
}

/** @param records capacity of the ring, a power of two */
export function inMemory(records = 4096, whenFull: 'drop' | 'wait' = 'drop', drain = () => false): InMemory {
  const memory = createSharedMemory(records * RECORD_BYTES, 1024 * RECORD_BYTES, 4);
  const row = claimRing(memory);
  const writer = new RingWriter({ memory, row, whenFull, drain });
  const base = memory.words[row + RING_ROW.base]!;
  return {
    memory,
    writer,
    row,
    bytes: () => memory.bytes.slice(base, base + records * RECORD_BYTES),
    text(options = {}) {
      const all = memory.bytes.slice(base, base + records * RECORD_BYTES);
      let end = 0;
      while (end < records && all[end * RECORD_BYTES + 31] !== 0) end++;
      return toText(all.subarray(0, end * RECORD_BYTES), { times: 'none', ...options });
    },
    free(count) {
      const tail = memory.words[row + RING_ROW.tail]!;
      for (let i = 0; i < count; i++) {
        const at = base + ((tail + i) & (records - 1)) * RECORD_BYTES;
        memory.bytes.fill(0, at, at + RECORD_BYTES);
      }
      memory.words[row + RING_ROW.tail] = tail + count;
    },
  };
}
