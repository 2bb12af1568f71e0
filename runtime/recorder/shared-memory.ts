/**
 * The memory that all threads of a process share while they record: counters, one row for each
 * ring, and the rings. It is one SharedArrayBuffer, so that one shipper thread can ship what every
 * thread wrote, even while the threads themselves are stuck.
 *
 *   word 0                64 (one row of 16 words each)           16 KiB
 *   │ counters, lock, file │ ring 0: main │ ring 1 │ … │ ring 249 │ bytes of ring 0 │ ring 1 │ …
 *
 * The system commits the rings' pages when they are first touched: unused rings cost only address
 * space. A row's `head` counts the records written since the ring began, its `tail` those
 * freed (both modulo 2³²). Only the writer stores the `head`; only the thread that drains stores
 * the `tail`. A thread that finds no free ring counts its records (counting-recorder.ts).
 *
 * How large is large enough? A record of the main thread's ring is 1/262,144 of it. A program that
 * does nothing but await writes 3 to 4 million records a second: the ring holds what it writes in
 * 70 ms, a worker's ring in 4 ms. What holds a higher rate, or a shipper that gets no processor, is
 * the writer: it empties the rings itself (ring-writer.ts).
 */
import { RECORD_BYTES } from '../trace/format/layout.ts';
import { builtIns } from './built-ins.ts';

/** Index in the Int32Array over the memory. */
export const CONTROL = {
  lock: 1,
  nextId: 2,
  nextText: 3,
  nextSite: 4,
  nextLane: 5,
  /** What the shipper does (`SHIPPER`). A writer acts where it is not 0. */
  shipper: 6,
  /** Not 0: nothing more goes to the file, and records are only counted (`STOPPED`). */
  stopped: 7,
  fd: 8,
  segment: 9,
  segmentBytes: 10,
  /** 1: the process ends, and the shipper with it. */
  ending: 11,
  /** Records of threads that found no ring. */
  threadRecords: 12,
  /** How many rings, from the first on, were ever taken: draining skips the rest. */
  ringsTaken: 13,
  unread: 14,
  /** In quiet times a thread that has written so many records wakes the shipper. */
  newsRecords: 15,
  /** From here on indexes in the Float64Array. Bytes written so far. */
  totalBytesF64: 8,
  /** Records that the rings dropped so far. */
  droppedF64: 9,
  /** Records discarded since writing stopped, and since when (ns). */
  discardedF64: 10,
  discardedSinceF64: 11,
  /** When the rings were last emptied (ns). */
  drainedF64: 12,
  /** The loss that the head says. */
  saidLossF64: 13,
  /** Records that were discarded before writing went on; `lost` records say them. */
  formerlyDiscardedF64: 14,
  /** When the part's files may be measured again (ns), and the time between the last two (ns). */
  measureAtF64: 15,
  measureEveryF64: 16,
  /** Bytes when writing stopped at the limit. */
  stoppedBytesF64: 17,
  /** Index in the Int32Array again. 1: the helper thread has a session with V8's inspector. */
  inspecting: 36,
  /** 1: the main thread stands in `Atomics.wait`. */
  standing: 37,
  /** 1: the program has a session with V8's inspector itself; the helper opens none any more. */
  inspectedByProgram: 38,
} as const;

/**
 * `starting`: it empties no ring yet, and the writers do. `asleep`: a writer wakes it with its
 * first record. `late`: with the last of `CONTROL.newsRecords`.
 */
export const SHIPPER = { awake: 0, asleep: 1, starting: 2, late: 3 } as const;

/** More of them are no quiet times. */
export const MAX_QUIET_RECORDS = 128;

/** Index within a ring's row. */
export const RING_ROW = {
  state: 0,
  lane: 1,
  base: 2,
  capacity: 3,
  tail: 4,
  dropped: 5,
  thread: 6,
  head: 7,
  /** The system's id of the thread; 0: it is not known. */
  osThread: 8,
  /** How many of the records the thread wrote when it was asked what it does (hold-watch.ts). */
  asked: 9,
  /** How many questions it has answered. */
  answers: 10,
} as const;
export const RING_STATE = { free: 0, used: 1, ended: 2 } as const;
export const MAX_RINGS = 250;
export const RING_ROW_WORDS = 16;
export const FIRST_RING_ROW = 64;
const CONTROL_BYTES = 16384;

export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  readonly words: Int32Array;
  readonly floats: Float64Array;
  readonly bytes: Uint8Array;
}

/** @param mainBytes size of the main thread's ring; it and `workerBytes` must be powers of two */
export function createSharedMemory(
  mainBytes = 8 << 20,
  workerBytes = 512 << 10,
  rings = MAX_RINGS,
): SharedMemory {
  const memory = openSharedMemory(
    new SharedArrayBuffer(CONTROL_BYTES + mainBytes + (rings - 1) * workerBytes),
  );
  const { words } = memory;
  for (const counter of [CONTROL.nextId, CONTROL.nextText, CONTROL.nextSite]) words[counter] = 1;
  words[CONTROL.fd] = -1;
  for (let ring = 0; ring < rings; ring++) {
    const row = FIRST_RING_ROW + ring * RING_ROW_WORDS;
    words[row + RING_ROW.base] =
      ring === 0 ? CONTROL_BYTES : CONTROL_BYTES + mainBytes + (ring - 1) * workerBytes;
    words[row + RING_ROW.capacity] = (ring === 0 ? mainBytes : workerBytes) / RECORD_BYTES;
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

/**
 * Takes a free ring for this thread. Rings are reused, lane numbers never.
 * @returns the ring's row; −1: all are taken
 */
export function claimRing(memory: SharedMemory, threadId = 0): number {
  const { words } = memory;
  for (let ring = 0; ring < MAX_RINGS; ring++) {
    const row = FIRST_RING_ROW + ring * RING_ROW_WORDS;
    if (words[row + RING_ROW.capacity] === 0) break;
    const was = builtIns.compareExchange(words, row + RING_ROW.state, RING_STATE.free, RING_STATE.used);
    if (was !== RING_STATE.free) continue;
    for (;;) {
      const taken = builtIns.load(words, CONTROL.ringsTaken);
      if (taken > ring || builtIns.compareExchange(words, CONTROL.ringsTaken, taken, ring + 1) === taken)
        break;
    }
    words[row + RING_ROW.thread] = threadId;
    words[row + RING_ROW.osThread] = 0;
    words[row + RING_ROW.asked] = 0;
    words[row + RING_ROW.answers] = 0;
    words[row + RING_ROW.lane] = builtIns.add(words, CONTROL.nextLane, 1);
    return row;
  }
  return -1;
}

/** Marks that the ring's thread writes no more: the ring is free again once it has been drained. */
export function releaseRing(memory: SharedMemory, row: number): void {
  builtIns.store(memory.words, row + RING_ROW.state, RING_STATE.ended);
}

/** The numbers of the lanes whose threads still write. */
export function lanesInUse({ words }: SharedMemory): number[] {
  const lanes: number[] = [];
  const rings = builtIns.load(words, CONTROL.ringsTaken);
  for (let ring = 0; ring < rings; ring++) {
    const row = FIRST_RING_ROW + ring * RING_ROW_WORDS;
    if (words[row + RING_ROW.state] === RING_STATE.used) lanes.push(words[row + RING_ROW.lane]!);
  }
  return lanes;
}
