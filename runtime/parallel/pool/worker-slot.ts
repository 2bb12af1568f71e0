/**
 * One worker's place in a pool, and the calls that its worker has and has not answered. It decides
 * how many calls the worker may have; which calls it gets is the pool's decision.
 */
import { builtIns } from '../../tasks/core/trace.ts';
import { CallClaims } from '../transport/call-claims.ts';
import { type CallJournal, openJournal } from '../transport/call-journal.ts';
import {
  ANSWER_ENTRIES,
  type Answers,
  CALL_OUTCOME,
  isBatch,
  type WorkerInit,
} from '../transport/messages.ts';
import { hearWorker } from '../transport/side-channel.ts';
import { byteSize } from '../transport/byte-size.ts';
import {
  type StartOptions,
  startProcess,
  startThread,
  type WorkerExit,
  type WorkerHandle,
} from '../transport/worker-handle.ts';
import { CallBatch } from './call-batch.ts';
import type { Call } from './call.ts';

/** Calls that a worker has at most. */
const MAX_CALLS = 512;
/**
 * A worker has one call, or as many as are expected to take so long together, ms. Its answers then
 * come in batches, and no call stands long behind another.
 */
const BUDGET_MS = 1;
/** An idle worker that is not needed has so long to end by itself, ms. */
const RETIRE_MS = 1000;
/** When so many workers end before they start a call, the call itself is why. */
const MAX_LOSSES = 3;
/**
 * A worker has two calls, or as many as are so large together. More would only wait there: it has
 * one while the next is sent.
 */
const MAX_BYTES = 1 << 19;
/** Functions that a worker keeps. */
const MAX_FUNCTIONS = 512;
/** A worker with several calls that is silent for so long is held up by one of them, ms. */
export const STUCK_MS = 5;

export interface WorkerSlotEvents {
  workerReady(slot: WorkerSlot): void;
  initializerFailed(slot: WorkerSlot, error: unknown): void;
  /** A call with a limit of time begins. */
  callBegan(slot: WorkerSlot, call: Call): void;
  /** @param calls that are answered; null for one that was reclaimed meanwhile. */
  callsAnswered(slot: WorkerSlot, calls: readonly (Call | null)[], answers: Answers): void;
  workerExited(slot: WorkerSlot, exit: WorkerExit): void;
}

export interface WorkerSlotOptions {
  readonly kind: 'threads' | 'processes';
  readonly init: WorkerInit;
  readonly startOptions: StartOptions;
  /** Calls that a worker runs before it is replaced; Infinity: it stays. */
  readonly maxCalls: number;
}

export class WorkerSlot {
  readonly handle: WorkerHandle;
  isReady = false;
  /** Its worker takes no more calls. */
  isRetiring = false;
  /** Its worker is being ended, and another may have its place. */
  isStopped = false;
  /** How many calls its worker has under way at once, while they wait. */
  readonly #concurrency: number;
  /** How many calls its worker still takes. */
  #callsLeft: number;
  /** Calls that were sent and not answered, by their serials, in the order in which they run. */
  readonly #calls = new Map<number, Call>();
  /** Calls that are assigned and not sent. */
  #outbox: Call[] = [];
  /** How long the calls of both are expected to take. */
  #loadMs = 0;
  /** How large the items of both are. */
  #loadBytes = 0;
  /** Of the call that was sent last. */
  #serial = 0;
  /** null for a process. */
  readonly #claims: CallClaims | null;
  /** null for a thread, and where there is no file for it. */
  readonly #journal: CallJournal | null;
  /** Of a process that has ended: the call that it started last, as far as that is known. */
  #lastStarted: number | null = null;
  #hasExited = false;
  /** When the worker last got a call while it was idle, or last answered. */
  #lastHeardMs = 0;
  /** Numbers of the functions that the worker knows. */
  readonly #sentFunctions = new Set<number>();

  constructor({ kind, init, startOptions, maxCalls }: WorkerSlotOptions, events: WorkerSlotEvents) {
    this.#callsLeft = maxCalls;
    this.#concurrency = init.concurrency;
    this.#claims = kind === 'threads' ? CallClaims.create(init.concurrency) : null;
    this.#journal = kind === 'processes' ? openJournal() : null;
    const start = kind === 'threads' ? startThread : startProcess;
    this.handle = start(
      { ...init, claims: this.#claims?.words ?? null, hasJournal: this.#journal !== null },
      {
        message: (message) => {
          if (isBatch(message)) events.callsAnswered(this, this.#takeAnswered(message), message);
          else if ('ready' in message) {
            this.isReady = true;
            this.#lastHeardMs = performance.now();
            events.workerReady(this);
          } else if ('channel' in message) hearWorker(message);
          else if ('lastStarted' in message) this.#lastStarted = message.lastStarted;
          else if ('began' in message) {
            const call = this.#calls.get(message.began);
            if (call !== undefined) events.callBegan(this, call);
          } else if ('initializerError' in message) events.initializerFailed(this, message.initializerError);
        },
        exited: (exit) => {
          this.#hasExited = true;
          const answers = this.#readJournal();
          if (answers.length > 0)
            events.callsAnswered(this, this.#takeAnswered([answers, NaN]), [answers, NaN]);
          events.workerExited(this, exit);
        },
        isBusy: () => !this.isIdle,
      },
      { ...startOptions, journal: this.#journal?.fd ?? null },
    );
  }

  get isIdle(): boolean {
    return this.#calls.size === 0 && this.#outbox.length === 0;
  }

  /**
   * How long the worker is expected to be busy with the calls it has, ms; Infinity when it takes no
   * other call now.
   * @param averageMs how long the other call is expected to take.
   */
  loadFor(averageMs: number): number {
    if (!this.isReady || this.isRetiring || this.#hasExited) return Infinity;
    if (this.isIdle) return 0;
    const count = this.callCount;
    if (this.#loadBytes >= MAX_BYTES && count > 1) return Infinity;
    if (count < this.#concurrency) return this.#loadMs;
    return count < MAX_CALLS && this.#loadMs + averageMs <= BUDGET_MS ? this.#loadMs : Infinity;
  }

  /** Traced: the activations that its worker has begun and not ended. */
  get openActivations(): readonly number[] {
    return this.#claims?.openActivations ?? [];
  }

  /** Whether the worker has calls behind another that could be reclaimed. */
  get isBlocked(): boolean {
    return this.#claims !== null && this.#calls.size > 1 && this.#claims.lastStarted !== this.#serial;
  }

  /**
   * Reclaims the calls behind one that takes longer than all of them were expected to take.
   * @returns none while the worker goes on.
   */
  reclaimStuck(): Call[] {
    return performance.now() - this.#lastHeardMs < STUCK_MS ? [] : this.#reclaim();
  }

  /** Ends the worker in the middle of its calls. @returns those that it surely has not started. */
  stop(): Call[] {
    this.isRetiring = true;
    this.isStopped = true;
    const unstarted = [...this.#reclaim(), ...this.#outbox];
    this.#outbox = [];
    this.handle.kill();
    return unstarted;
  }

  has(call: Call): boolean {
    return this.#calls.get(call.serial) === call;
  }

  /** Whether the worker is in the middle of the call, as far as the pool can know. */
  isRunning(call: Call): boolean {
    if (!this.has(call)) return false;
    const last = this.#claims?.lastStarted ?? this.#journal?.read().lastStarted;
    if (last === undefined) return this.#calls.values().next().value === call;
    if (last === null || this.#concurrency === 1) return last === call.serial;
    return ((call.serial - last) | 0) <= 0;
  }

  #reclaim(): Call[] {
    const reclaimed: Call[] = [];
    if (!this.isBlocked || this.#hasTransferred()) return reclaimed;
    const from = this.#claims!.reclaim((this.#serial + 1) | 0);
    if (from === null) return reclaimed;
    for (const [serial, call] of this.#calls) {
      if (((serial - from) | 0) < 0) continue;
      this.#calls.delete(serial);
      this.#unload(call);
      reclaimed.push(call);
    }
    return reclaimed;
  }

  /** How many calls its worker has, or will get with the next message. */
  get callCount(): number {
    return this.#calls.size + this.#outbox.length;
  }

  /** Its worker is ready and has no call. */
  get isFree(): boolean {
    return this.isReady && !this.isRetiring && this.isIdle;
  }

  /** Since when it is free, as `performance.now()`. */
  get freeSinceMs(): number {
    return this.#lastHeardMs;
  }

  /** Ends an idle worker. What its modules left open is closed with it after a while. */
  retireIdle(): void {
    this.isStopped = true;
    this.retire();
    builtIns.setTimeout(() => this.handle.kill(), RETIRE_MS).unref();
  }

  /** Ends the worker when it has run the calls it has. */
  retire(): void {
    this.isRetiring = true;
    if (!this.#hasExited) this.handle.post({ close: true });
  }

  assign(call: Call): void {
    // A call of unknown duration counts as a long one: no call is put behind it.
    call.costMs = call.limits.transfer === null ? Math.min(call.average.ms, 2 * BUDGET_MS) : 2 * BUDGET_MS;
    call.bytes = byteSize(call.items);
    this.#loadMs += call.costMs;
    this.#loadBytes += call.bytes;
    this.#outbox.push(call);
    if (--this.#callsLeft === 0) this.isRetiring = true;
  }

  /** Sends the assigned calls. @returns those that cannot be sent, each with Node's error. */
  flush(): readonly (readonly [Call, unknown])[] {
    const calls = this.#outbox;
    if (calls.length === 0) return [];
    this.#outbox = [];
    const refused: [Call, unknown][] = [];
    let batch = this.#newBatch();
    for (const call of calls) {
      if (batch.add(call)) continue;
      this.#send(batch, refused);
      batch = this.#newBatch();
      batch.add(call);
    }
    this.#send(batch, refused);
    return refused;
  }

  #newBatch(): CallBatch {
    return new CallBatch(this.#serial, this.#sentFunctions);
  }

  #send(batch: CallBatch, refused: [Call, unknown][]): void {
    try {
      this.#post(batch);
    } catch (error) {
      const { calls } = batch;
      if (calls.length === 1) {
        this.#unload(calls[0]!);
        refused.push([calls[0]!, error]);
        return;
      }
      // One of the calls cannot be cloned. Each is sent by itself, so that only that one fails.
      for (const call of calls) {
        const alone = this.#newBatch();
        alone.add(call);
        this.#send(alone, refused);
      }
    }
  }

  /**
   * The worker has ended. @returns the calls that it will not answer: those that it may have
   * started, and those that it surely has not.
   */
  detach(): { readonly started: readonly Call[]; readonly unstarted: readonly Call[] } {
    const started: Call[] = [];
    const unstarted: Call[] = [];
    const last = this.#claims?.lastStarted ?? this.#lastStarted;
    for (const [serial, call] of this.#calls) {
      // What was transferred to it has ended with the worker.
      const isStarted = last === null || ((serial - last) | 0) <= 0 || call.limits.transfer !== null;
      (isStarted ? started : unstarted).push(call);
    }
    // A worker that ends while it loads a function would end again and again.
    const next = unstarted[0];
    if (started.length === 0 && next !== undefined && ++next.losses === MAX_LOSSES)
      started.push(unstarted.shift()!);
    unstarted.push(...this.#outbox);
    this.#calls.clear();
    this.#outbox = [];
    return { started, unstarted };
  }

  /** @throws DataCloneError when one of the calls cannot be cloned; then none is sent. */
  #post(batch: CallBatch): void {
    const forgotten = this.#sentFunctions.size > MAX_FUNCTIONS ? this.#unusedFunctions(batch) : [];
    for (const fn of forgotten) batch.forget(fn);
    if (this.#calls.size === 0) this.#lastHeardMs = performance.now();
    this.handle.post(batch.toMessage(), batch.transfer);
    for (const call of batch.calls) {
      this.#calls.set((call.serial = this.#serial = (this.#serial + 1) | 0), call);
      this.#sentFunctions.add(call.fn.number);
    }
    for (const fn of forgotten) this.#sentFunctions.delete(fn);
  }

  /** Functions that no call which is on its way uses, the oldest half of all. */
  #unusedFunctions(batch: CallBatch): number[] {
    const used = new Set<number>();
    for (const { fn } of [...this.#calls.values(), ...batch.calls]) used.add(fn.number);
    return [...this.#sentFunctions].slice(0, MAX_FUNCTIONS / 2).filter((fn) => !used.has(fn));
  }

  /** What was transferred for a call cannot be sent to another worker. */
  #hasTransferred(): boolean {
    for (const { limits } of this.#calls.values()) if (limits.transfer !== null) return true;
    return false;
  }

  #unload(call: Call): void {
    this.#loadMs -= call.costMs;
    this.#loadBytes -= call.bytes;
  }

  /** @returns the answers that a process gave and did not come to send. */
  #readJournal(): readonly unknown[] {
    if (this.#journal === null) return [];
    const { answers, lastStarted } = this.#journal.takeAll();
    this.#lastStarted = lastStarted;
    return answers;
  }

  /** @returns the answered calls in their order; null for one that was reclaimed. */
  #takeAnswered([answers, averageMs]: Answers): (Call | null)[] {
    const calls: (Call | null)[] = [];
    this.#lastHeardMs = performance.now();
    for (let i = 0; i < answers.length; i += ANSWER_ENTRIES) {
      const serial = answers[i] as number;
      const call = this.#calls.get(serial) ?? null;
      calls.push(call);
      if (call === null) continue;
      this.#calls.delete(serial);
      this.#unload(call);
      if (answers[i + 1] !== CALL_OUTCOME.skipped && averageMs >= 0) call.average.add(averageMs);
    }
    // Sums of fractions drift.
    if (this.isIdle) this.#loadMs = 0;
    return calls;
  }
}
