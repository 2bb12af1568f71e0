/**
 * Moves committed records from the rings into the part file. The helper thread does it all
 * the time, the main thread at the process's end, any thread that must not lose a definition: whoever holds the lock.
 *
 * Order. Within a ring the file keeps the writer's order. Texts and sites are defined by each thread in
 * its own ring before it uses them, so they precede their use whatever the order of the rings. Between
 * rings a round takes all the ends first and then writes ring by ring up to them. A task of one thread
 * may so be named by another thread's record that stands earlier in the file: readers relate lanes by time and id.
 *
 * Freeing. What was written is filled with zeros, so that a record's kind never reads as committed after
 * the ring wrapped, and only then the tail moves: the writer meets clean slots only.
 */
import { RECORD_BYTES } from '../trace/format/layout.ts';
import { builtIns } from './built-ins.ts';
import type { PartFile } from './part-file.ts';
import { M, R, RINGS, RING_STATE, ROW, ROWS_AT, type SharedMemory } from './shared-memory.ts';

/** One round over all rings; the number of records moved. The caller holds the lock. */
export function drain(
  memory: SharedMemory,
  file: PartFile,
  ends: Int32Array = new Int32Array(RINGS),
): number {
  const { words, floats } = memory;
  let dropped = 0;
  for (let ring = 0; ring < RINGS; ring++) {
    const row = ROWS_AT + ring * ROW;
    const state = builtIns.load(words, row + R.state);
    ends[ring] = state === RING_STATE.free ? -1 : committed(words, row);
    dropped += words[row + R.dropped]!;
    if (state === RING_STATE.ended && ends[ring] === 0) {
      builtIns.store(words, row + R.state, RING_STATE.free);
    }
  }
  let moved = 0;
  for (let ring = 0; ring < RINGS; ring++) {
    const count = ends[ring]!;
    if (count > 0) moved += move(memory, file, ROWS_AT + ring * ROW, count);
  }
  if (dropped !== floats[M.droppedF64]) {
    floats[M.droppedF64] = dropped;
    file.noteDropped();
  }
  return moved;
}

/** Takes the lock for the time of `work`; false when another thread kept it for `patienceMs`. */
export function withLock(memory: SharedMemory, patienceMs: number, work: () => void): boolean {
  const { words } = memory;
  const until = builtIns.now() + BigInt(patienceMs) * 1_000_000n;
  while (builtIns.compareExchange(words, M.lock, 0, 1) !== 0) {
    if (builtIns.now() >= until) return false;
    builtIns.wait(words, M.lock, 1, 1);
  }
  try {
    work();
  } finally {
    builtIns.store(words, M.lock, 0);
    builtIns.notify(words, M.lock, 1);
  }
  return true;
}

/** How many records from the tail on are whole. */
function committed(words: Int32Array, row: number): number {
  const capacity = words[row + R.capacity]!;
  const first = (words[row + R.base]! >>> 2) + 7;
  const tail = words[row + R.tail]!;
  let count = 0;
  while (count < capacity) {
    const at = first + (((tail + count) & (capacity - 1)) << 3);
    // The kind is the highest byte; the load is atomic so that what follows is not read ahead of it.
    if (builtIns.load(words, at) >>> 24 === 0) break;
    count++;
  }
  return count;
}

function move(memory: SharedMemory, file: PartFile, row: number, count: number): number {
  const { words, bytes } = memory;
  const capacity = words[row + R.capacity]!;
  const base = words[row + R.base]!;
  const tail = words[row + R.tail]!;
  const start = tail & (capacity - 1);
  const firstRun = Math.min(count, capacity - start);
  for (const [at, records] of [
    [start, firstRun],
    [0, count - firstRun],
  ] as const) {
    if (records === 0) continue;
    const from = base + at * RECORD_BYTES;
    const to = from + records * RECORD_BYTES;
    file.append(bytes, from, to);
    words.fill(0, from >>> 2, to >>> 2);
  }
  builtIns.store(words, row + R.tail, (tail + count) | 0);
  return count;
}
