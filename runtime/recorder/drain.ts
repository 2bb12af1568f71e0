/**
 * Moves committed records from the rings into the part file. The helper thread does it all
 * the time, the main thread at the process's end, any thread that must not lose a definition: whoever holds the lock.
 *
 * Order. Within a ring the file keeps the writer's order. Texts and sites are defined by each thread in
 * its own ring before it uses them, so they precede their use whatever the order of the rings. Between
 * rings a round takes all the ends first and then writes up to them, where several rings have something in the order of time: a
 * task stands in the file before another thread's record that names it.
 *
 * What is whole. A writer stores its `head` after the record, so everything between a ring's tail and its head is
 * written out as it stands; of a single ring in one call, without being looked at: measured, a scan by commit marks and the
 * clearing that it needs cost three quarters of the helper's time.
 */
import { RECORD_BYTES } from '../trace/format/layout.ts';
import { builtIns } from './built-ins.ts';
import { mergeRings } from './merge-rings.ts';
import type { PartFile } from './part-file.ts';
import { M, R, RINGS, RING_STATE, ROW, ROWS_AT, type SharedMemory } from './shared-memory.ts';

/** One round over all rings; the number of records moved. The caller holds the lock. */
export function drain(
  memory: SharedMemory,
  file: PartFile,
  ends: Int32Array = new Int32Array(RINGS),
): number {
  const { words, floats } = memory;
  const rings = builtIns.load(words, M.ringsTaken);
  let dropped = 0;
  for (let ring = 0; ring < rings; ring++) {
    const row = ROWS_AT + ring * ROW;
    const state = builtIns.load(words, row + R.state);
    const count = (builtIns.load(words, row + R.head) - words[row + R.tail]!) | 0;
    ends[ring] = count;
    dropped += words[row + R.dropped]!;
    if (state === RING_STATE.ended && count === 0) builtIns.store(words, row + R.state, RING_STATE.free);
  }
  let moved = 0;
  const filled: (readonly [number, number])[] = [];
  for (let ring = 0; ring < rings; ring++) {
    const count = ends[ring]!;
    if (count > 0) filled.push([ROWS_AT + ring * ROW, count]);
    moved += count;
  }
  if (filled.length === 1)
    moveBatch(memory, (bytes, from, to) => file.append(bytes, from, to), ...filled[0]!);
  else if (filled.length > 1)
    gathering(file, (append) =>
      mergeRings(memory, filled, (row, count) => moveBatch(memory, append, row, count)),
    );
  if (dropped !== floats[M.droppedF64]) {
    floats[M.droppedF64] = dropped;
    file.noteDropped();
  }
  return moved;
}

/** Takes the lock for the time of `work`; false when another thread kept it for `patienceMs`. */
export function withLock(memory: SharedMemory, patienceMs: number, work: () => void): boolean {
  const { words } = memory;
  if (builtIns.compareExchange(words, M.lock, 0, 1) !== 0 && !waitForLock(words, patienceMs)) return false;
  try {
    work();
  } finally {
    builtIns.store(words, M.lock, 0);
    builtIns.notify(words, M.lock, 1);
  }
  return true;
}

function waitForLock(words: Int32Array, patienceMs: number): boolean {
  const until = builtIns.now() + BigInt(patienceMs) * 1_000_000n;
  while (builtIns.compareExchange(words, M.lock, 0, 1) !== 0) {
    if (builtIns.now() >= until) return false;
    builtIns.wait(words, M.lock, 1, 1);
  }
  return true;
}

/** Where bytes go: to the file, or first into a buffer that gathers small pieces. */
type Append = (bytes: Uint8Array, from: number, to: number) => void;

function moveBatch(memory: SharedMemory, append: Append, row: number, count: number): void {
  const { words, bytes } = memory;
  const capacity = words[row + R.capacity]!;
  const base = words[row + R.base]!;
  const tail = words[row + R.tail]!;
  const start = tail & (capacity - 1);
  const untilEnd = Math.min(count, capacity - start);
  append(bytes, base + start * RECORD_BYTES, base + (start + untilEnd) * RECORD_BYTES);
  if (count > untilEnd) append(bytes, base, base + (count - untilEnd) * RECORD_BYTES);
  builtIns.store(words, row + R.tail, (tail + count) | 0);
}

/** A call of the system for each of the small pieces would cost more than all the rest. */
const GATHERED_BYTES = 64 << 10;
let gathered: Uint8Array | null = null;

function gathering(file: PartFile, work: (append: Append) => void): void {
  const buffer = (gathered ??= new Uint8Array(GATHERED_BYTES));
  let filled = 0;
  const flush = (): void => {
    if (filled > 0) file.append(buffer, 0, filled);
    filled = 0;
  };
  work((bytes, from, to) => {
    if (filled + (to - from) > GATHERED_BYTES) flush();
    if (to - from > GATHERED_BYTES) return file.append(bytes, from, to);
    buffer.set(bytes.subarray(from, to), filled);
    filled += to - from;
  });
  flush();
}
