/**
 * The shipper thread: moves records from the rings into the part file, every 4 ms while something
 * is written; when nothing is, it sleeps until a writer wakes it or the next clock record is due.
 * It goes on while the program's threads are stuck, so a hung program is visible live. It runs none
 * of the user's code and imports nothing but Node.
 */
import { workerData } from 'node:worker_threads';
import { builtIns } from './built-ins.ts';
import { drain, withLock } from './drain.ts';
import { PartFile, type PartLimits, type PartPlace } from './part-file.ts';
import { CONTROL, MAX_RINGS, openSharedMemory } from './shared-memory.ts';

export interface ShipperData {
  readonly simul: 'shipper';
  readonly buffer: SharedArrayBuffer;
  readonly place: PartPlace;
  readonly limits: PartLimits;
}

/**
 * Time between rounds. A killed program loses what it wrote since the last one, about 5 ms at most.
 * A ring that is half full wakes the shipper before that.
 */
const ROUND_MS = 4;
/** After this many rounds without a record the shipper sleeps. */
const MAX_EMPTY_ROUNDS = 12;
/** Time between clock records. */
const CLOCK_NS = 1_000_000_000n;
const LOCK_TIMEOUT_MS = 100;

const data = workerData as ShipperData;
const memory = openSharedMemory(data.buffer);
const file = new PartFile(memory, data.place, data.limits);
const ends = new Int32Array(MAX_RINGS);
let emptyRounds = 0;
let nextClockNs = builtIns.now() + CLOCK_NS;

while (builtIns.load(memory.words, CONTROL.ending) === 0) {
  withLock(memory, LOCK_TIMEOUT_MS, runRound);
  if (emptyRounds < MAX_EMPTY_ROUNDS) builtIns.wait(memory.words, CONTROL.ending, 0, ROUND_MS);
  else sleep();
}

function runRound(): void {
  if (builtIns.load(memory.words, CONTROL.ending) !== 0) return;
  if (builtIns.now() >= nextClockNs) {
    nextClockNs = builtIns.now() + CLOCK_NS;
    file.appendClock();
  }
  emptyRounds = drain(memory, file, ends) > 0 ? 0 : emptyRounds + 1;
}

function sleep(): void {
  const { words } = memory;
  if (words[CONTROL.asleep] === 0) {
    // The next round runs before the sleep: it moves the records of a writer that missed the flag.
    builtIns.store(words, CONTROL.asleep, 1);
    return;
  }
  const ms = Math.max(1, Number((nextClockNs - builtIns.now()) / 1_000_000n));
  builtIns.wait(words, CONTROL.asleep, 1, ms);
  if (builtIns.load(words, CONTROL.asleep) === 0) emptyRounds = 0;
}
