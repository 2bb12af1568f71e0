/**
 * Answers on a thread that is held, in the middle of the code that holds it, when the helper thread
 * asks (recorder/hold-watch.ts). It writes `held` records: what the thread does, from the last
 * answer up to this one.
 *
 * A task that is on top of the thread has held it all the time. Where none is, the code runs in a
 * callback. Whether that is still the same one is told by the loop: an immediate is set at the
 * first answer, and if it has not run at the second, the loop did not turn between. Then the
 * callback is recorded as an activation. Its begin is the time from which on the thread worked
 * without a break. What came before that is unknown. Its end is when the loop turns.
 *
 * It refuses to write where the agent itself is at work: the record would stand in another one.
 */
import { executionAsyncId } from 'node:async_hooks';
import { isMainThread } from 'node:worker_threads';
import { ACTIVATION_KIND, HOLD, KIND, OUTCOME, UNIT } from '../../../trace/format/kinds.ts';
import { nowInBetween, withoutPool } from '../../../recorder/in-between.ts';
import { beforeNextPoll } from '../../../recorder/before-next-poll.ts';
import type { RingWriter } from '../../../recorder/ring-writer.ts';
import type { ThreadState } from '../state/thread-state.ts';
import { osThreadId, readThreadTimes, type ThreadTimes } from '../../../recorder/thread-times.ts';
import type { SharedStand } from '../../../recorder/shared-stand.ts';
import type { HeldPlaces } from './held-places.ts';

const SAMPLED = UNIT.us | (HOLD.sampled << 2);
const UNSEEN = UNIT.us | (HOLD.unseen << 2);
const CALLBACK = ACTIVATION_KIND['event-callback'];
/**
 * V8 answers from native code only when that is over: the stack is then one of later. An answer
 * comes late as well where the thread had no processor.
 */
const MAX_LATE_NS = 30e6;
const MIN_RUN_SHARE = 0.5;

export interface HoldSamplerOptions {
  readonly writer: RingWriter;
  readonly state: ThreadState;
  readonly places: HeldPlaces;
  readonly stand: SharedStand;
  /** Ticks follow one another and the loop does not turn: who asks for the next is to be found. */
  readonly onTicks: (sinceNs: number) => void;
}

/** One stretch in which the loop did not turn. */
interface Turn {
  /** The task that was on top, or the callback; 0: the callback is not recorded yet. */
  task: number;
  isCallback: boolean;
  sinceNs: number;
  /** Of the last answer. */
  asyncId: number;
  /** Up to when `held` records tell of it; −1: there was one answer, outside any task. */
  toldNs: number;
  /** The line where that answer found the thread to have come in. */
  firstPlace: number;
}

export class HoldSampler {
  readonly #options: HoldSamplerOptions;
  #turn: Turn | null = null;
  #isBusy = false;
  /** Up to when this thread's holds are told, whatever held it. */
  #toldNs = 0;
  readonly #osThread = osThreadId();
  /** The thread's times at the last answer. */
  #answered: { readonly t: number; readonly times: ThreadTimes | null } = { t: 0, times: null };

  constructor(options: HoldSamplerOptions) {
    this.#options = options;
  }

  /**
   * @param heldNs for how long the thread worked without a break and recorded nothing
   * @param askedNs when it was asked, ns
   * @param ranNs the time of the thread up to then
   */
  answer(heldNs: number, askedNs: number, ranNs: number): void {
    // Another question may come while this one is answered.
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      withoutPool(() => this.#options.writer.whenAsked(() => this.#sample(heldNs, askedNs, ranNs)));
      this.#answered = { t: nowInBetween(), times: readThreadTimes(this.#osThread) };
    } catch {
      // No stack is left, or the program has changed what is needed.
    } finally {
      this.#isBusy = false;
    }
  }

  /** The process ends: a turn that goes on ends with it. */
  end(): void {
    if (this.#turn !== null) this.#endTurn(this.#turn, nowInBetween());
  }

  #sample(heldNs: number, askedNs: number, ranNs: number): void {
    const { writer, state, places, stand, onTicks } = this.#options;
    const stack = places.belowQuestion(isMainThread && stand.isStanding);
    const asyncId = executionAsyncId();
    const sinceNs = askedNs - heldNs;
    if (stack.is !== 'held') {
      if (stack.isTick) {
        // Ticks ran at the last answer, too, and the loop has not turned between.
        if (this.#turn !== null) onTicks(this.#turn.sinceNs);
        (this.#turn ??= this.#beginTurn(sinceNs, asyncId)).asyncId = asyncId;
      }
      if (stack.is === 'foreign') this.#noteForeign(stack.what, sinceNs);
      return;
    }
    const { site, from } = places.placeOf(stack);
    const nowNs = nowInBetween();
    const isLate =
      nowNs - askedNs > MAX_LATE_NS && stack.callee === '' && this.#hasRun(nowNs - askedNs, ranNs);
    const turn = (this.#turn ??= this.#beginTurn(sinceNs, asyncId));
    const isOther = turn.asyncId !== asyncId;
    turn.asyncId = asyncId;
    if (isOther && stack.isTick) onTicks(turn.sinceNs);
    else if (isOther && turn.toldNs === -1) {
      turn.toldNs = 0;
      turn.sinceNs = sinceNs;
    } else if (isOther && turn.isCallback && turn.task !== 0) {
      // The next callback of the same turn: it began after the last answer.
      this.#endCallback(turn, turn.toldNs);
      turn.sinceNs = turn.toldNs;
    }
    const task = state.current?.id ?? 0;
    if (task !== 0) {
      if (turn.isCallback && turn.task !== 0) this.#endCallback(turn, Number(writer.lastWrittenNs));
      turn.isCallback = false;
      turn.task = task;
    } else if (turn.toldNs === 0) {
      // The first answer; the callback has held the thread if the next one finds it again.
      turn.toldNs = -1;
      turn.firstPlace = from || site;
      return;
    } else if (!turn.isCallback || turn.task === 0) {
      turn.isCallback = true;
      turn.sinceNs = Math.max(turn.sinceNs, Number(writer.lastWrittenNs));
      turn.task = this.#beginCallback(turn.sinceNs, from || site);
      turn.toldNs = 0;
    }
    // Others may have had the thread since a task was seen on it; a callback has gone on.
    const fromNs = Math.max(turn.toldNs, this.#toldNs, turn.isCallback ? turn.sinceNs : sinceNs);
    turn.toldNs = nowNs;
    this.#toldNs = nowNs;
    const name = writer.defineText(isLate ? 'native code' : stack.callee);
    const durationUs = Math.max(0, Math.round((nowNs - fromNs) / 1e3));
    writer.writeAt(BigInt(Math.round(fromNs)), KIND.held, SAMPLED, turn.task, durationUs, site, name, from);
  }

  /** Whether the thread ran for most of a time. */
  #hasRun(ns: number, ranNs: number): boolean {
    const times = readThreadTimes(this.#osThread);
    return times !== null && times.ranNs - ranNs > ns * MIN_RUN_SHARE;
  }

  /** What runs is not the program's own code, or none of its lines is on the stack. */
  #noteForeign(what: string, sinceNs: number): void {
    const { writer, state } = this.#options;
    if (what === '') return;
    const fromNs = Math.max(sinceNs, this.#toldNs);
    this.#toldNs = nowInBetween();
    const durationUs = Math.max(0, Math.round((this.#toldNs - fromNs) / 1e3));
    const task = state.current?.id ?? 0;
    const name = writer.defineText(what);
    writer.writeAt(BigInt(Math.round(fromNs)), KIND.held, UNSEEN, task, durationUs, 0, name, 0);
  }

  #beginTurn(sinceNs: number, asyncId: number): Turn {
    const turn: Turn = { task: 0, isCallback: false, sinceNs, asyncId, toldNs: 0, firstPlace: 0 };
    // The loop may sleep first.
    beforeNextPoll(() => this.#endTurn(turn, this.#awakeUntil()));
    return turn;
  }

  /** When the thread went to sleep, if it has slept since the last answer; else now. */
  #awakeUntil(): number {
    const nowNs = nowInBetween();
    const times = this.#answered.times === null ? null : readThreadTimes(this.#osThread);
    if (times === null) return nowNs;
    const { ranNs, delayedNs } = this.#answered.times!;
    return Math.min(nowNs, this.#answered.t + times.ranNs - ranNs + times.delayedNs - delayedNs);
  }

  #endTurn(turn: Turn, nowNs: number): void {
    if (this.#turn === turn) this.#turn = null;
    const { writer } = this.#options;
    // The thread worked, and was seen once: it is not blank, and nobody is blamed for it.
    if (turn.toldNs === -1 && writer.lastWrittenNs < BigInt(Math.round(turn.sinceNs))) {
      turn.isCallback = true;
      turn.task = this.#beginCallback(turn.sinceNs, turn.firstPlace);
    }
    if (turn.isCallback && turn.task !== 0)
      this.#endCallback(turn, Math.max(nowNs, Number(writer.lastWrittenNs)));
  }

  #beginCallback(sinceNs: number, site: number): number {
    const { writer, places } = this.#options;
    const id = writer.nextId();
    const name = writer.defineText(places.nameOf(site));
    writer.writeAt(BigInt(Math.round(sinceNs)), KIND.activationBegin, CALLBACK, id, 0, site, name, 0);
    return id;
  }

  #endCallback(turn: Turn, nowNs: number): void {
    const { writer } = this.#options;
    writer.writeAt(BigInt(Math.round(nowNs)), KIND.activationEnd, OUTCOME.ok, turn.task, 0, 0, 0, 0);
    turn.isCallback = false;
    turn.task = 0;
  }
}
