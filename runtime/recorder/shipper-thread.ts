/**
 * The shipper thread: moves records from the rings into the part file, every 4 ms while much is
 * written. When little is, it sleeps until a record wakes it; a program that does nothing costs a
 * look a second, for the clock record. Once no burst came for a second, and nobody follows the
 * recording, it comes five times a second, and at once when more than usual was written: on a
 * service that answers some hundred requests a second 50 rounds cost a tenth of what the program
 * does, and ten a twentieth.
 * It goes on while the program's threads are stuck, so a hung program is visible live. When nothing
 * happens it asks the main thread what keeps the process alive (quiet-watch.ts). It runs none of
 * the user's code and imports nothing but Node.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { builtIns } from './built-ins.ts';
import { KIND, PAUSE } from '../trace/format/kinds.ts';
import { FOLLOWED_FILE, FOLLOWED_MS } from '../trace/format/part.ts';
import { drain, hasRecords, mostRecords, withLock } from './drain.ts';
import { PartFile, type PartLimits, type PartPlace, recordOf } from './part-file.ts';
import {
  CONTROL,
  MAX_QUIET_RECORDS,
  MAX_RINGS,
  SHIPPER,
  lanesInUse,
  openSharedMemory,
} from './shared-memory.ts';
import { HoldWatch } from './hold-watch.ts';
import { QuietWatch } from './quiet-watch.ts';
import { StopWatch } from './stop-watch.ts';
import { SharedThreadTimes } from './thread-times.ts';
import { TimesWatch } from './times-watch.ts';
import { ThreadInspector } from './thread-inspector.ts';

export interface ShipperData {
  readonly simul: 'shipper';
  readonly buffer: SharedArrayBuffer;
  readonly place: PartPlace;
  readonly limits: PartLimits;
  /** A session with V8's inspector may be opened. */
  readonly mayInspect: boolean;
}

/**
 * Time between rounds. A killed program loses what it wrote since the last one, about 5 ms at most.
 * A ring that is half full wakes the shipper before that.
 */
const ROUND_MS = 4;
/** After a round with fewer records the shipper sleeps, until the next record wakes it. */
const MIN_BUSY_RECORDS = 256;
/**
 * Time between rounds while no burst comes and nobody follows: what brings some records, within
 * these. A writer may end it.
 */
const MIN_LATE_MS = 20;
const MAX_LATE_MS = 200;
const LATE_RECORDS = 1024;
/** So many of a thread are news, whatever is usual. */
const MAX_NEWS_RECORDS = 2048;
/** A round with more of them is a burst: the rings have to be emptied as fast as can be. */
const BURST_RECORDS = 8192;
/** So long there was none. */
const LATE_AFTER_NS = 1_000_000_000n;
/** So many more than twice the usual are news, and come at once. */
const NEWS_RECORDS = 16;
/** The rate of records is that of so long, ms. */
const RATE_MS = 2000;
/** What a late round leaves of the usual. */
const FORGETTING = 0.9;
/** Time between two looks at who follows. */
const FOLLOWED_LOOK_NS = 500_000_000n;
/** Time between clock records. */
const CLOCK_NS = 1_000_000_000n;
const LOCK_TIMEOUT_MS = 100;
/** So much earlier or later than its time a thread is looked at, where this thread wakes anyway. */
const HOLD_SLACK_MS = 10;
/** After a stop another thread may go on before this one does. */
const WAY_OUT_NS = 50_000_000;

const data = workerData as ShipperData;
const memory = openSharedMemory(data.buffer);
const file = new PartFile(memory, data.place, data.limits);
const ends = new Int32Array(MAX_RINGS);
const { words } = memory;
const stopWatch = new StopWatch();
const inspector = new ThreadInspector(memory, data.mayInspect);
const times = new SharedThreadTimes();
const holdWatch = new HoldWatch({ memory, inspector, times, record: recordHold });
const timesWatch = new TimesWatch(memory, times);
const quietWatch = new QuietWatch(builtIns.now(), MAX_QUIET_RECORDS);
let nextClockNs = builtIns.now() + CLOCK_NS;
let endOfRoundNs = 0n;
let moved = 0;
let lateFromNs = builtIns.now() + LATE_AFTER_NS;
/** What a round has while it may be late, at most. */
let usual = 0;
/** Records a millisecond, of the last seconds. */
let rate = 0;
const followedFile = builtIns.join(data.place.folder, FOLLOWED_FILE);
let isFollowed = true;
/** Rounds may be late. */
let isLate = false;
let nextFollowedLookNs = 0n;

runRound();
builtIns.store(words, CONTROL.shipper, SHIPPER.awake);
run();

/** Until the process ends. */
function run(): void {
  while (builtIns.load(words, CONTROL.ending) === 0) {
    isLate = mayBeLate();
    if (moved >= MIN_BUSY_RECORDS && !isLate) sleep(CONTROL.ending, 0, ROUND_MS);
    else rest();
    runRound();
  }
  inspector.close();
}

/** Until the word has another value, `ms` at most. What the threads do is looked at meanwhile. */
function sleep(word: number, value: number, ms: number): void {
  let nowNs = Number(builtIns.now());
  const untilNs = nowNs + ms * 1e6;
  let how = '';
  do {
    const leftMs = (untilNs - nowNs) / 1e6;
    const lookMs = holdWatch.waitMs(nowNs);
    // Waking costs more than a look that comes somewhat early or late.
    const partMs = lookMs < leftMs - HOLD_SLACK_MS ? lookMs : leftMs;
    stopWatch.sleepBegins(partMs);
    how = builtIns.wait(words, word, value, partMs);
    const stop = stopWatch.stopSince();
    if (stop !== null) withLock(memory, LOCK_TIMEOUT_MS, () => recordStop(stop.fromNs, stop.toNs));
    nowNs = Number(builtIns.now());
    holdWatch.look(nowNs, isLate);
  } while (how === 'timed-out' && nowNs < untilNs);
}

/** A hold that is known by the thread's times alone. */
function recordHold(startNs: number, kind: number, flags: number, lane: number, durationUs: number): void {
  withLock(memory, LOCK_TIMEOUT_MS, () => {
    if (builtIns.load(words, CONTROL.ending) !== 0) return;
    const record = recordOf(BigInt(Math.round(startNs)), kind, flags, lane);
    record.setUint32(12, Math.round(durationUs), true);
    file.append(new Uint8Array(record.buffer), 0, record.byteLength);
  });
}

/** Of each lane, behind what it wrote before the stop and before what it writes from now on. */
function recordStop(fromNs: bigint, toNs: bigint): void {
  // Nothing stands behind the end of the process.
  if (builtIns.load(words, CONTROL.ending) !== 0) return;
  drain(memory, file, ends, Number(fromNs));
  // A thread wrote meanwhile: this one alone came late.
  if (hasRecords(memory, Number(toNs) - WAY_OUT_NS)) return;
  for (const lane of lanesInUse(memory)) {
    for (const [t, kind] of [
      [fromNs, KIND.pause],
      [toNs, KIND.resume],
    ] as const) {
      const record = recordOf(t, kind, PAUSE.stopped, lane);
      file.append(new Uint8Array(record.buffer), 0, record.byteLength);
    }
  }
}

function runRound(): void {
  moved = 0;
  withLock(memory, LOCK_TIMEOUT_MS, () => {
    if (builtIns.load(words, CONTROL.ending) !== 0) return;
    const formerNs = endOfRoundNs;
    endOfRoundNs = builtIns.now();
    if (endOfRoundNs >= nextClockNs) {
      nextClockNs = endOfRoundNs + CLOCK_NS;
      file.appendClock();
    }
    moved = drain(memory, file, ends);
    timesWatch.look(endOfRoundNs, (record) => file.append(record, 0, record.length));
    if (moved > BURST_RECORDS) lateFromNs = endOfRoundNs + LATE_AFTER_NS;
    usual = isLate ? Math.max(moved, Math.floor(usual * FORGETTING)) : 0;
    const roundMs = Math.max(1, Number(endOfRoundNs - formerNs) / 1e6);
    // By time: of a load that comes in waves most rounds are in the waves.
    const share = Math.min(1, roundMs / RATE_MS);
    rate += (moved / roundMs - rate) * share;
  });
  if (quietWatch.shouldAsk(moved, endOfRoundNs)) parentPort?.postMessage(null);
}

/**
 * Sleeps until a writer writes, or a clock record is due. The round follows 4 ms after the record
 * that ended the sleep: what a program does when it wakes is then there, and is one write. Where it
 * may be late it follows later; and while each of those rounds finds something, no writer has to
 * wake this thread.
 */
function rest(): void {
  if (moved === 0 || !isLate) {
    builtIns.store(words, CONTROL.shipper, SHIPPER.asleep);
    // A writer may have missed the flag.
    if (!hasRecords(memory)) {
      const nextAskNs = quietWatch.isDone() ? nextClockNs : quietWatch.nextNs();
      const nextNs = nextAskNs < nextClockNs ? nextAskNs : nextClockNs;
      const leftMs = Math.max(1, Math.ceil(Number(nextNs - endOfRoundNs) / 1e6));
      sleep(CONTROL.shipper, SHIPPER.asleep, leftMs);
    }
  }
  isLate = mayBeLate();
  if (isLate) {
    const news = Math.min(MAX_NEWS_RECORDS, 2 * usual + NEWS_RECORDS);
    builtIns.store(words, CONTROL.newsRecords, news);
    builtIns.store(words, CONTROL.shipper, SHIPPER.late);
    // What begins as a burst shows itself while this thread wakes.
    if (mostRecords(memory) < news) sleep(CONTROL.shipper, SHIPPER.late, lateMs());
    const isNews = mostRecords(memory) >= news;
    builtIns.store(words, CONTROL.shipper, SHIPPER.awake);
    // The rest of it is there soon, and would not be news once its begin is usual.
    if (isNews) sleep(CONTROL.ending, 0, ROUND_MS);
    return;
  }
  builtIns.store(words, CONTROL.shipper, SHIPPER.awake);
  if (hasRecords(memory)) sleep(CONTROL.ending, 0, ROUND_MS);
}

function lateMs(): number {
  return Math.max(MIN_LATE_MS, Math.min(MAX_LATE_MS, LATE_RECORDS / rate));
}

/** No burst came, and nobody sees when a record comes. */
function mayBeLate(): boolean {
  if (endOfRoundNs < lateFromNs) return false;
  const nowNs = builtIns.now();
  if (nowNs >= nextFollowedLookNs) {
    nextFollowedLookNs = nowNs + FOLLOWED_LOOK_NS;
    isFollowed = isTouched();
  }
  return !isFollowed;
}

function isTouched(): boolean {
  try {
    const stats = builtIns.statSync(followedFile, { throwIfNoEntry: false });
    return stats !== undefined && Math.abs(builtIns.wallMs() - stats.mtimeMs) < FOLLOWED_MS;
  } catch {
    // It cannot be known.
    return true;
  }
}
