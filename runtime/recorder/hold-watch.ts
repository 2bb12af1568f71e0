/**
 * Sees from the helper thread that a thread of the program is held: it runs, or could run, without
 * a break, and records nothing. Then it asks V8 to call the agent's own function on that thread, in
 * the middle of what holds it (`HELD_CALL`): V8 takes that as an interrupt, and the function finds
 * the stack as it is (agent/node/holds/hold-sampler.ts). So nothing is paid where nothing hangs.
 *
 *   look, every 20 ms: no record since the last one, and the thread used the processor or waited
 *   for one all the time ──▶ held for 40 ms ──▶ ask at once, then less and less often
 *
 * An idle thread costs a look at what the system says of its time. Once little ran for a second,
 * there are ten looks a second, and five where the helper thread's rounds are late, until one of
 * them finds a thread that runs and has recorded nothing of late. Where the system does not say
 * (not Linux) nothing is asked.
 *
 * A blocking call in native code answers when it is over; those tell of themselves
 * (agent/node/holds/blocking-calls.ts).
 */
import { KIND, HOLD, UNIT } from '../trace/format/kinds.ts';
import { builtIns, SafeMap } from './built-ins.ts';
import type { ThreadInspector } from './thread-inspector.ts';
import { lastRecordNs } from './merge-rings.ts';
import { isRunnable, SharedThreadTimes } from './thread-times.ts';
import { FIRST_RING_ROW, RING_ROW, RING_ROW_WORDS, RING_STATE, CONTROL } from './shared-memory.ts';
import type { SharedMemory } from './shared-memory.ts';

const LOOK_NS = 20e6;
const IDLE_LOOK_NS = 100e6;
/** The helper thread wakes so often where its rounds are late. */
const LATE_LOOK_NS = 200e6;
/** The helper thread wakes for other reasons: then a look may be this early. */
const SLACK_NS = 5e6;
/** So long little ran on any thread: then looks are rare. */
const IDLE_AFTER_NS = 1e9;
/** Less than this between two looks is little; so are fewer records. */
const MIN_RUN_NS = 5e6;
const MIN_RECORDS = 64;
/** How much of the time a held thread ran or was ready to, at least. */
const MIN_BUSY_SHARE = 0.8;
/** A thread that waits for a processor has run for less of the time. */
const MAX_WAITING_SHARE = 0.1;
/** A shorter one of a worker is not told. */
const MIN_UNSEEN_NS = 100e6;
/** So long it is held before it is asked. */
const MIN_HELD_NS = 40e6;
/** Time between two questions: so long at first, then this share of the hold, at most the last. */
const MIN_ASK_NS = 20e6;
const ASK_SHARE = 0.1;
const MAX_ASK_NS = 500e6;
/** A question that nobody answers is asked again after this. */
const MAX_SILENCE_NS = 5e9;
/** A session is closed so long after the last hold. */
const LEAVE_NS = 200e6;
/** So long without a processor is recorded when a hold is over; and so long while it goes on. */
const MIN_STARVED_NS = 20e6;
const MAX_STARVED_NS = 200e6;
const STARVED = UNIT.us | (HOLD.starved << 2);
const UNSEEN = UNIT.us | (HOLD.unseen << 2);

interface WatchedThread {
  /** Records that the thread wrote by itself. */
  written: number;
  /** Since when it writes nothing, ns; NaN: it was not looked at since. */
  sinceNs: number;
  ranNs: number;
  delayedNs: number;
  /** Since when it is held; NaN: it is not. */
  heldSinceNs: number;
  nextAskNs: number;
  /** How many questions were answered when the last was asked; −1: none is open. */
  answers: number;
  askedNs: number;
  /** For how long it had no processor since `starvedSinceNs`, and that was not recorded. */
  starvedNs: number;
  starvedSinceNs: number;
}

export interface HoldWatchOptions {
  readonly memory: SharedMemory;
  readonly inspector: ThreadInspector;
  /** Appends a record of a lane, at the time of its begin. */
  readonly record: (startNs: number, kind: number, flags: number, lane: number, durationUs: number) => void;
  /** Shown by the system; tests give their own. */
  readonly times?: SharedThreadTimes;
  readonly isRunnable?: typeof isRunnable;
}

export class HoldWatch {
  readonly #options: HoldWatchOptions;
  readonly #times: SharedThreadTimes;
  readonly #threads = new SafeMap<number, WatchedThread>();
  #nextLookNs = 0;
  /** The next look is a rare one. */
  #isRare = false;
  /** A thread may be held, or is. */
  #isSuspect = false;
  #ranAtNs = 0;
  #heldAtNs = 0;

  constructor(options: HoldWatchOptions) {
    this.#options = options;
    this.#times = options.times ?? new SharedThreadTimes();
  }

  /** Time to the next look, ms. */
  waitMs(nowNs: number): number {
    return Math.max(1, (this.#nextLookNs - nowNs) / 1e6);
  }

  /**
   * A look at each thread, if one is due.
   * @param mayBeRare this thread would not wake for other reasons
   */
  look(nowNs: number, mayBeRare = false): void {
    if (nowNs < this.#nextLookNs - SLACK_NS) return;
    this.#isSuspect = false;
    this.#isRare = mayBeRare || nowNs - this.#ranAtNs > IDLE_AFTER_NS;
    if (this.#ranAtNs === 0) this.#ranAtNs = nowNs;
    const { memory, inspector } = this.#options;
    const { words } = memory;
    const rings = builtIns.load(words, CONTROL.ringsTaken);
    for (let ring = 0; ring < rings; ring++) {
      const row = FIRST_RING_ROW + ring * RING_ROW_WORDS;
      if (words[row + RING_ROW.osThread] === 0) continue;
      if (words[row + RING_ROW.state] === RING_STATE.used) this.#lookAt(row, nowNs);
      else this.#threads.delete(row);
    }
    const isLeft = nowNs - this.#heldAtNs > LEAVE_NS || inspector.isRefusedNow();
    if (inspector.isOpen && isLeft) inspector.close();
    const rareNs = mayBeRare ? LATE_LOOK_NS : IDLE_LOOK_NS;
    this.#nextLookNs = nowNs + (this.#isRare && !this.#isSuspect ? rareNs : LOOK_NS);
  }

  #lookAt(row: number, nowNs: number): void {
    const { memory, inspector, isRunnable: runs = isRunnable } = this.#options;
    const { words } = memory;
    const written = (builtIns.load(words, row + RING_ROW.head) - words[row + RING_ROW.asked]!) | 0;
    let thread = this.#threads.get(row);
    if (thread === undefined) {
      thread = {
        written: written - 1,
        sinceNs: NaN,
        ranNs: 0,
        delayedNs: 0,
        heldSinceNs: NaN,
        nextAskNs: 0,
        answers: -1,
        askedNs: 0,
        starvedNs: 0,
        starvedSinceNs: 0,
      };
      this.#threads.set(row, thread);
    }
    const lane = words[row + RING_ROW.lane]!;
    if (thread.written !== written) {
      if (((written - thread.written) | 0) >= MIN_RECORDS) this.#ranAtNs = nowNs;
      this.#recordStarved(thread, lane, MIN_STARVED_NS);
      this.#endUnseen(thread, row, thread.sinceNs);
      thread.written = written;
      thread.sinceNs = NaN;
      thread.heldSinceNs = NaN;
      // Two rare looks in a hold come late.
      if (this.#isRare) this.#suspect(thread, row, nowNs);
      return;
    }
    const osThread = words[row + RING_ROW.osThread]!;
    const times = this.#times.read(osThread, nowNs);
    if (times === null) return;
    const { sinceNs } = thread;
    const ranNs = times.ranNs - thread.ranNs;
    const delayedNs = times.delayedNs - thread.delayedNs;
    thread.sinceNs = nowNs;
    thread.ranNs = times.ranNs;
    thread.delayedNs = times.delayedNs;
    if (Number.isNaN(sinceNs)) return;
    if (ranNs >= MIN_RUN_NS) this.#ranAtNs = nowNs;
    if (thread.starvedNs === 0) thread.starvedSinceNs = sinceNs;
    thread.starvedNs += Math.min(delayedNs, nowNs - sinceNs);
    const busyNs = ranNs + delayedNs;
    const windowNs = nowNs - sinceNs;
    // The system adds up what a thread waited when it gets a processor.
    const isWaiting = (): boolean =>
      !Number.isNaN(thread.heldSinceNs) && ranNs < windowNs * MAX_WAITING_SHARE && runs(osThread);
    // It waits for a thread of its own, not for the loop.
    const isStanding = words[row + RING_ROW.thread] === 0 && words[CONTROL.standing] !== 0;
    if (busyNs < windowNs * MIN_BUSY_SHARE && !isStanding && !isWaiting()) {
      // It may have begun in the window.
      this.#isSuspect ||= this.#isRare && busyNs >= LOOK_NS && runs(osThread);
      this.#endUnseen(thread, row, sinceNs);
      thread.heldSinceNs = NaN;
      this.#recordStarved(thread, lane, MIN_STARVED_NS);
      return;
    }
    this.#recordStarved(thread, lane, MAX_STARVED_NS);
    if (Number.isNaN(thread.heldSinceNs)) {
      // What was asked in a former hold may have got lost with its session.
      thread.answers = -1;
      thread.heldSinceNs = isStanding ? sinceNs : Math.max(sinceNs, nowNs - busyNs);
      thread.nextAskNs = thread.heldSinceNs + MIN_HELD_NS;
    }
    this.#heldAtNs = nowNs;
    this.#isSuspect = true;
    if (nowNs < thread.nextAskNs) return;
    const answers = builtIns.load(words, row + RING_ROW.answers);
    // Native code answers when it is over.
    if (thread.answers === answers && nowNs - thread.askedNs < MAX_SILENCE_NS) return;
    const heldNs = nowNs - thread.heldSinceNs;
    thread.nextAskNs = nowNs + Math.min(MAX_ASK_NS, Math.max(MIN_ASK_NS, heldNs * ASK_SHARE));
    const isAsked = inspector.ask(words[row + RING_ROW.thread]!, Math.round(heldNs), nowNs, times.ranNs);
    thread.answers = isAsked ? answers : -1;
    thread.askedNs = nowNs;
  }

  /** Of a thread that wrote since the last look: it may be held since its last record. */
  #suspect(thread: WatchedThread, row: number, nowNs: number): void {
    const { memory, isRunnable: runs = isRunnable } = this.#options;
    const osThread = memory.words[row + RING_ROW.osThread]!;
    const times = this.#times.read(osThread, nowNs);
    if (times === null) return;
    thread.sinceNs = nowNs;
    thread.ranNs = times.ranNs;
    thread.delayedNs = times.delayedNs;
    if (nowNs - lastRecordNs(memory, row) >= LOOK_NS) this.#isSuspect ||= runs(osThread);
  }

  /** A worker thread is not asked: that it was busy is all that is known. */
  #endUnseen({ heldSinceNs }: WatchedThread, row: number, untilNs: number): void {
    const { memory, record } = this.#options;
    // NaN: nothing was held.
    if (memory.words[row + RING_ROW.thread] === 0 || !(untilNs - heldSinceNs >= MIN_UNSEEN_NS)) return;
    const lane = memory.words[row + RING_ROW.lane]!;
    record(heldSinceNs, KIND.held, UNSEEN, lane, (untilNs - heldSinceNs) / 1e3);
  }

  /** Records how long the thread had no processor, if it was so long. */
  #recordStarved(thread: WatchedThread, lane: number, minNs: number): void {
    const { starvedNs, starvedSinceNs } = thread;
    if (starvedNs >= minNs) {
      this.#options.record(starvedSinceNs, KIND.held, STARVED, lane, starvedNs / 1e3);
    } else if (minNs === MAX_STARVED_NS) return;
    thread.starvedNs = 0;
  }
}
