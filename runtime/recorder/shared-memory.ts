/**
 * The memory that all threads of a process share while they record: a page of
 * counters, one row for each ring, and the rings. One SharedArrayBuffer, so that one
 * helper thread can ship what every thread wrote, also while the threads themselves are stuck.
 *
 *   word 0                64 (one row of 16 words each)          16 KiB
 *   │ counters, lock, file │ ring 0: main │ ring 1 │ … │ ring 63 │ bytes of ring 0 │ ring 1 │ …
 *
 * The rings' pages are committed by the system when first touched: 63 unused rings cost address space only.
 * A row's `head` counts the records written since the ring began, its `tail` those freed (both modulo 2³²): who writes is the
 * only one to store the one, who drains the other.
 * It refuses to hand out more rings than there are: a thread without one does not record, and is counted.
 */
import { RECORD_BYTES } from '../trace/format/layout.ts';
import { builtIns } from './built-ins.ts';

/** Index in the Int32Array over the memory. */
export const M = {
  lock: 1,
  nextId: 2,
  nextText: 3,
  nextSite: 4,
  nextLane: 5,
  /** 1 while the helper sleeps deeply: a writer that sees it wakes the helper. */
  asleep: 6,
  /** 1: nothing more goes to the file, rings are emptied and counted. */
  stopped: 7,
  fd: 8,
  segment: 9,
  segmentBytes: 10,
  /** 1: the process is ending; the helper leaves. */
  ending: 11,
  threadsWithoutRing: 12,
  /** So many rings, from the first on, have ever been taken: whoever drains need not look at the rest. */
  ringsTaken: 13,
  /** Index in the Float64Array, not the Int32Array: bytes written so far, records dropped so far. */
  totalBytesF64: 8,
  droppedF64: 9,
  discardedF64: 10,
  discardedSinceF64: 11,
} as const;

/** Index within a ring's row. */
export const R = {
  state: 0,
  lane: 1,
  base: 2,
  capacity: 3,
  tail: 4,
  dropped: 5,
  thread: 6,
  head: 7,
} as const;
export const RING_STATE = { free: 0, used: 1, ended: 2 } as const;
export const RINGS = 64;
export const ROW = 16;
export const ROWS_AT = 64;
const CONTROL_BYTES = 16384;

export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  readonly words: Int32Array;
  readonly floats: Float64Array;
  readonly bytes: Uint8Array;
}

/** `mainBytes` and `workerBytes` are rounded to whole powers of two by the caller's choice; both must be powers of two. */
export function createSharedMemory(
  mainBytes = 4 << 20,
  workerBytes = 512 << 10,
  rings = RINGS,
): SharedMemory {
  const memory = openSharedMemory(
    new SharedArrayBuffer(CONTROL_BYTES + mainBytes + (rings - 1) * workerBytes),
  );
  const { words } = memory;
  for (const counter of [M.nextId, M.nextText, M.nextSite]) words[counter] = 1;
  words[M.fd] = -1;
  for (let ring = 0; ring < rings; ring++) {
    const row = ROWS_AT + ring * ROW;
    words[row + R.base] = ring === 0 ? CONTROL_BYTES : CONTROL_BYTES + mainBytes + (ring - 1) * workerBytes;
    words[row + R.capacity] = (ring === 0 ? mainBytes : workerBytes) / RECORD_BYTES;
  }
  return memory;
}

export function openSharedMemory(buffer: SharedArrayBuffer): SharedMemory {
  return {
    buffer,
    words: new Int32Array(buffer),
    floats: new Float64Array(buffer, 0, CONTROL_BYTES / 8),
    bytes: new Uint8Array(buffer),
  };
}

/** Takes a free ring for this thread; its row, or -1 when all are taken. Rings are reused, lane numbers never. */
export function claimRing(memory: SharedMemory, threadId = 0): number {
  const { words } = memory;
  for (let ring = 0; ring < RINGS; ring++) {
    const row = ROWS_AT + ring * ROW;
    if (words[row + R.capacity] === 0) break;
    const was = builtIns.compareExchange(words, row + R.state, RING_STATE.free, RING_STATE.used);
    if (was !== RING_STATE.free) continue;
    for (;;) {
      const taken = builtIns.load(words, M.ringsTaken);
      if (taken > ring || builtIns.compareExchange(words, M.ringsTaken, taken, ring + 1) === taken) break;
    }
    words[row + R.thread] = threadId;
    words[row + R.lane] = builtIns.add(words, M.nextLane, 1);
    return row;
  }
  builtIns.add(words, M.threadsWithoutRing, 1);
  return -1;
}

/** Says that a thread writes no more: the ring is free again once it has been drained. */
export function releaseRing(memory: SharedMemory, row: number): void {
  builtIns.store(memory.words, row + R.state, RING_STATE.ended);
}
