/**
 * Moves committed records from the rings into the part file. The shipper thread does it all the
 * time, the main thread at the process's end, and any thread that must not lose a definition. One
 * thread at a time holds the lock.
 *
 * Order. Within a ring the file keeps the writer's order. Each thread defines texts and sites in
 * its own ring before it uses them, so they precede their use whatever the order of the rings. A
 * round first takes the ends of all rings, then writes up to them. Where several rings hold records
 * it writes them in the order of their time, so that a task stands in the file before another
 * thread's record that names it.
 *
 * Nothing is lost with a thread that is terminated in a round: records are free in their ring once
 * they are in the file, and what is not known to be there is written again at the same place.
 *
 * Whole records. A writer stores its `head` after the record, so everything between a ring's tail
 * and its head can be written as it stands. The records of a single ring go out in one call,
 * unread: a scan by commit marks, with the clearing it needs, took three quarters of the shipper's
 * time.
 */
import { threadId } from 'node:worker_threads';
import { RECORD_BYTES } from '../trace/format/layout.ts';
import { builtIns } from './built-ins.ts';
import { countUntil, mergeRings } from './merge-rings.ts';
import type { PartFile } from './part-file.ts';
import {
  CONTROL,
  RING_ROW,
  MAX_RINGS,
  RING_STATE,
  RING_ROW_WORDS,
  FIRST_RING_ROW,
  type SharedMemory,
} from './shared-memory.ts';

/**
 * One round over all rings. The caller holds the lock.
 * @param untilNs later records stay where they are; absent: there are none
 * @returns the number of records moved
 */
export function drain(
  memory: SharedMemory,
  file: PartFile,
  ends: Int32Array = new Int32Array(MAX_RINGS),
  untilNs = Infinity,
): number {
  const { words, floats } = memory;
  const rings = builtIns.load(words, CONTROL.ringsTaken);
  let dropped = 0;
  for (let ring = 0; ring < rings; ring++) {
    const row = FIRST_RING_ROW + ring * RING_ROW_WORDS;
    const state = builtIns.load(words, row + RING_ROW.state);
    let count = (builtIns.load(words, row + RING_ROW.head) - words[row + RING_ROW.tail]!) | 0;
    if (untilNs < Infinity) count = countUntil(memory, row, count, untilNs);
    ends[ring] = count;
    dropped += words[row + RING_ROW.dropped]!;
    if (state === RING_STATE.ended && count === 0 && untilNs === Infinity)
      builtIns.store(words, row + RING_ROW.state, RING_STATE.free);
  }
  let moved = 0;
  const filled: (readonly [number, number])[] = [];
  for (let ring = 0; ring < rings; ring++) {
    const count = ends[ring]!;
    if (count > 0) filled[filled.length] = [FIRST_RING_ROW + ring * RING_ROW_WORDS, count];
    moved += count;
  }
  if (filled.length === 1) {
    const row = filled[0]![0];
    const count = filled[0]![1];
    const tail = words[row + RING_ROW.tail]!;
    appendRecords(memory, (bytes, from, to) => file.append(bytes, from, to), { row, tail, count });
    builtIns.store(words, row + RING_ROW.tail, (tail + count) | 0);
  } else if (filled.length > 1) moveMerged(memory, file, filled);
  floats[CONTROL.droppedF64] = dropped;
  file.updateLoss();
  floats[CONTROL.drainedF64] = Number(builtIns.now());
  return moved;
}

/** Whether a ring holds a record that was not moved, and is older than `beforeNs`. */
export function hasRecords(memory: SharedMemory, beforeNs = Infinity): boolean {
  const { words } = memory;
  const rings = builtIns.load(words, CONTROL.ringsTaken);
  for (let ring = 0; ring < rings; ring++) {
    const row = FIRST_RING_ROW + ring * RING_ROW_WORDS;
    const count = (builtIns.load(words, row + RING_ROW.head) - words[row + RING_ROW.tail]!) | 0;
    if (count !== 0 && (beforeNs === Infinity || countUntil(memory, row, count, beforeNs) > 0)) return true;
  }
  return false;
}

/** How many records that were not moved one ring holds, of the ring that holds most. */
export function mostRecords({ words }: SharedMemory): number {
  const rings = builtIns.load(words, CONTROL.ringsTaken);
  let most = 0;
  for (let ring = 0; ring < rings; ring++) {
    const row = FIRST_RING_ROW + ring * RING_ROW_WORDS;
    most = builtIns.max(most, (builtIns.load(words, row + RING_ROW.head) - words[row + RING_ROW.tail]!) | 0);
  }
  return most;
}

/** Whose lock it is: the thread's id + 1. */
const OWNER = threadId + 1;

/** Holds the lock while `work` runs; false: another thread held it for all of `timeoutMs`. */
export function withLock(memory: SharedMemory, timeoutMs: number, work: () => void): boolean {
  const { words } = memory;
  if (builtIns.compareExchange(words, CONTROL.lock, 0, OWNER) !== 0) {
    if (timeoutMs === 0 || !waitForLock(words, timeoutMs)) return false;
  }
  try {
    work();
  } finally {
    builtIns.store(words, CONTROL.lock, 0);
    builtIns.notify(words, CONTROL.lock, 1);
  }
  return true;
}

function waitForLock(words: Int32Array, timeoutMs: number): boolean {
  const until = builtIns.now() + BigInt(timeoutMs) * 1_000_000n;
  for (;;) {
    const owner = builtIns.compareExchange(words, CONTROL.lock, 0, OWNER);
    if (owner === 0) return true;
    if (builtIns.now() >= until) return false;
    builtIns.wait(words, CONTROL.lock, owner, 1);
  }
}

/**
 * A thread has ended. Where it was terminated while it held the lock, nobody else would give it
 * back. What it was writing stands in its ring still, and is written again at the same place.
 */
export function breakLock({ words }: SharedMemory, thread: number): void {
  if (builtIns.compareExchange(words, CONTROL.lock, thread + 1, 0) === thread + 1)
    builtIns.notify(words, CONTROL.lock, 1);
}

/** Takes `bytes[from, to)`: the file, or the buffer that gathers small pieces before it. */
type Append = (bytes: Uint8Array, from: number, to: number) => void;

/** Records of a ring that follow one another. */
interface RecordRun {
  readonly row: number;
  readonly tail: number;
  readonly count: number;
}

function appendRecords(memory: SharedMemory, append: Append, { row, tail, count }: RecordRun): void {
  const { words, bytes } = memory;
  const capacity = words[row + RING_ROW.capacity]!;
  const base = words[row + RING_ROW.base]!;
  const start = tail & (capacity - 1);
  const untilEnd = builtIns.min(count, capacity - start);
  append(bytes, base + start * RECORD_BYTES, base + (start + untilEnd) * RECORD_BYTES);
  if (count > untilEnd) append(bytes, base, base + (count - untilEnd) * RECORD_BYTES);
}

/** One system call for each small piece would cost more than everything else. */
const GATHER_BYTES = 64 << 10;
let gatherBuffer: Uint8Array | null = null;
/** By ring: how far it was gathered. */
const gatheredTails = new Int32Array(MAX_RINGS);

/** The records of several rings, in the order of their time. */
function moveMerged(
  memory: SharedMemory,
  file: PartFile,
  filled: readonly (readonly [row: number, count: number])[],
): void {
  const { words } = memory;
  const buffer = (gatherBuffer ??= new Uint8Array(GATHER_BYTES));
  let size = 0;
  const ringOf = (row: number): number => (row - FIRST_RING_ROW) / RING_ROW_WORDS;
  for (let i = 0; i < filled.length; i++) {
    const row = filled[i]![0];
    gatheredTails[ringOf(row)] = words[row + RING_ROW.tail]!;
  }
  const flush = (): void => {
    if (size > 0) file.append(buffer, 0, size);
    size = 0;
    for (let i = 0; i < filled.length; i++) {
      const row = filled[i]![0];
      builtIns.store(words, row + RING_ROW.tail, gatheredTails[ringOf(row)]!);
    }
  };
  const gather: Append = (bytes, from, to) => {
    builtIns.copyBytes(buffer, builtIns.subarray(bytes, from, to), size);
    size += to - from;
  };
  mergeRings(memory, filled, (row, count) => {
    const ring = ringOf(row);
    const bytes = count * RECORD_BYTES;
    if (size + bytes > GATHER_BYTES) flush();
    const run = { row, tail: gatheredTails[ring]!, count };
    const isLarge = bytes > GATHER_BYTES;
    if (isLarge) appendRecords(memory, (from, at, to) => file.append(from, at, to), run);
    else appendRecords(memory, gather, run);
    gatheredTails[ring] = (run.tail + count) | 0;
    if (isLarge) flush();
  });
  flush();
}
