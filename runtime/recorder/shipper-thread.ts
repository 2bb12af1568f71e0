/**
 * The helper thread: ships the rings into the part file, every four milliseconds while
 * something is written, more and more seldom when nothing is. It goes on while the program's threads are
 * stuck, so a hung program is visible live. It runs nothing of the user's and imports nothing but Node.
 */
import { workerData } from 'node:worker_threads';
import { builtIns } from './built-ins.ts';
import { drain, withLock } from './drain.ts';
import { PartFile, type PartLimits, type PartPlace } from './part-file.ts';
import { M, RINGS, openSharedMemory } from './shared-memory.ts';

export interface ShipperData {
  readonly simul: 'shipper';
  readonly buffer: SharedArrayBuffer;
  readonly place: PartPlace;
  readonly limits: PartLimits;
}

/** A program that is killed loses what it wrote since the last round: five milliseconds at most. A ring half full wakes us before. */
const AWAKE_MS = 4;
/** So many empty rounds, and the helper sleeps until a writer wakes it or the next clock record is due. */
const ROUNDS_UNTIL_SLEEP = 12;
const CLOCK_NS = 1_000_000_000n;

const data = workerData as ShipperData;
const memory = openSharedMemory(data.buffer);
const file = new PartFile(memory, data.place, data.limits);
const ends = new Int32Array(RINGS);
let empty = 0;
let nextClock = builtIns.now() + CLOCK_NS;

while (builtIns.load(memory.words, M.ending) === 0) {
  withLock(memory, 100, round);
  if (empty < ROUNDS_UNTIL_SLEEP) builtIns.wait(memory.words, M.ending, 0, AWAKE_MS);
  else sleep();
}

function round(): void {
  if (builtIns.load(memory.words, M.ending) !== 0) return;
  if (builtIns.now() >= nextClock) {
    nextClock = builtIns.now() + CLOCK_NS;
    file.appendClock();
  }
  empty = drain(memory, file, ends) > 0 ? 0 : empty + 1;
}

function sleep(): void {
  const { words } = memory;
  if (words[M.asleep] === 0) {
    // One more round after the flag is up: a writer that did not see it has been seen by then.
    builtIns.store(words, M.asleep, 1);
    return;
  }
  const ms = Math.max(1, Number((nextClock - builtIns.now()) / 1_000_000n));
  builtIns.wait(words, M.asleep, 1, ms);
  if (builtIns.load(words, M.asleep) === 0) empty = 0;
}
