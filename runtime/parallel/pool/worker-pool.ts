/**
 * The workers of a pool, and the calls that wait for one. A call goes to the worker that is
 * expected to be free the soonest, once that has room for it. Calls that were submitted in one turn
 * go in one message. A worker that ends is replaced, and its calls are retried as often as their
 * caller allows.
 *
 *   submit ─▶ queue ─▶ dispatch: the least loaded slot ─▶ worker ─▶ callsAnswered ─▶ the client
 */
import { builtIns } from '../../tasks/core/trace.ts';
import { warnThrown } from '../../tasks/core/unhandled.ts';
import { PoolClosedError, WorkerError } from '../core/errors.ts';
import { ANSWER_ENTRIES, type Answers, CALL_OUTCOME } from '../transport/messages.ts';
import { deserializeError, type SerializedError } from '../transport/serialized-error.ts';
import type { WorkerExit } from '../transport/worker-handle.ts';
import { CallQueue } from './call-queue.ts';
import type { Call } from './call.ts';
import { findErrorClass } from './error-classes.ts';
import { IdleCheck, MAX_TIMER_MS } from './idle-check.ts';
import { callTimeoutError, poolFullError, startError, workerLostError } from './pool-errors.ts';
import { createPoolTrace, type PoolTrace } from './pool-trace.ts';
import { CallCounter, type PoolStats } from './pool-stats.ts';
import { STUCK_MS, WorkerSlot, type WorkerSlotEvents, type WorkerSlotOptions } from './worker-slot.ts';

/** When so many workers in a row end before they are ready, another would not help. */
const MAX_FAILED_STARTS = 3;

export interface WorkerPoolOptions extends WorkerSlotOptions {
  readonly size: number;
  /** Calls that may wait for a worker; Infinity: any number. */
  readonly maxQueue: number;
  /** Workers that stay when there is no call for them. */
  readonly minSize: number;
  /** How long any other stays without a call, ms. */
  readonly idleTimeoutMs: number;
  /** For messages: `pool "squares"`. */
  readonly description: string;
}

type State = 'open' | 'closed' | 'terminated' | 'broken';

export class WorkerPool implements WorkerSlotEvents {
  readonly #options: WorkerPoolOptions;
  readonly #trace: PoolTrace;
  readonly #slots = new Set<WorkerSlot>();
  readonly #queue = new CallQueue();
  #state: State = 'open';
  #breakReason: unknown = null;
  #failedStarts = 0;
  #isDispatchScheduled = false;
  #isReclaimScheduled = false;
  /** Calls that were submitted and are not answered. */
  #unanswered = 0;
  /** Calls that a worker has and may not have started, which are stopped when it has. */
  readonly #unwanted = new Map<Call, WorkerSlot>();
  readonly #counter = new CallCounter();
  readonly #idleCheck: IdleCheck;
  readonly #onEmpty: (() => void)[] = [];
  /** Who has more calls to submit once there is room. */
  #onRoom: (() => void)[] = [];
  /** Called when it is terminated or broken. */
  readonly onOver = new Set<() => void>();

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#trace = createPoolTrace(options.kind, options.init);
    this.#idleCheck = new IdleCheck(this.#slots, options, () => this.#state === 'open');
    this.#addWorkers();
  }

  get state(): State {
    return this.#state;
  }

  /** The error that broke it. */
  get breakReason(): unknown {
    return this.#breakReason;
  }

  stats(): PoolStats {
    const slots = [...this.#slots];
    return {
      workers: slots.length,
      idleWorkers: slots.filter(({ isFree }) => isFree).length,
      queuedCalls: this.#queue.length,
      assignedCalls: slots.reduce((sum, { callCount }) => sum + callCount, 0),
      ...this.#counter,
    };
  }

  /** Whether one more call may wait; the workers have room for some themselves. */
  get hasRoom(): boolean {
    const { size, maxQueue, init } = this.#options;
    return this.#isOver || this.#unanswered < size * init.concurrency + maxQueue;
  }

  /** Calls back once, when there is room. There is none now: so a call will be answered. */
  whenRoom(callback: () => void): void {
    this.#onRoom.push(callback);
  }

  /** Submits it, or fails it when as many calls wait as may. */
  submitIfRoom(call: Call): void {
    if (this.hasRoom) this.submit(call);
    else call.client.failed(call, poolFullError(this.#options.description, this.#options.maxQueue));
  }

  submit(call: Call): void {
    if (this.#isOver) {
      call.client.failed(call, this.#refusalError());
      return;
    }
    this.#trace.submit(call);
    this.#queue.push(call);
    if (this.#unanswered++ === 0) this.#keepAlive(true);
    if (this.#isDispatchScheduled) return;
    this.#isDispatchScheduled = true;
    queueMicrotask(this.#dispatch);
  }

  /**
   * Nobody wants the call's result any more. It never starts, or its worker is ended, unless its
   * caller lets it run.
   */
  stop(call: Call): void {
    call.isAbandoned = true;
    // Another may have its place in the line. Without a bound it is dropped when its turn comes.
    if (this.#options.maxQueue !== Infinity)
      for (const unwanted of this.#queue.removeAbandoned()) this.#dropCall(unwanted);
    if (call.limits.abandonOnCancel) return;
    for (const slot of this.#slots) {
      if (slot.isStopped || !slot.has(call)) continue;
      if (slot.isRunning(call)) this.#stopWorker(slot);
      else this.#unwanted.set(call, slot);
    }
    this.#scheduleReclaim();
  }

  /** Takes no more calls: the workers end when all that were submitted are answered. */
  close(): void {
    if (this.#state !== 'open') return;
    this.#state = 'closed';
    this.#trace.close();
    if (this.#unanswered === 0) this.#closeWorkers();
    this.#endIfEmpty();
  }

  /** Ends the workers in the middle of their calls. */
  terminate(): void {
    if (this.#state === 'terminated') return;
    if (this.#state !== 'broken') this.#state = 'terminated';
    this.#trace.close();
    this.#endWorkers();
    this.#endIfEmpty();
  }

  /** Calls back once there are no workers any more. */
  whenEmpty(callback: () => void): void {
    if (this.#slots.size === 0 && this.#unanswered === 0) callback();
    else {
      this.#onEmpty.push(callback);
      this.#keepAlive(true);
    }
  }

  workerReady(): void {
    this.#failedStarts = 0;
    this.#dispatch();
    this.#idleCheck.schedule();
  }

  callsAnswered(slot: WorkerSlot, calls: readonly (Call | null)[], [answers, averageMs]: Answers): void {
    const outcomeOf = (i: number): unknown => answers[i * ANSWER_ENTRIES + 1];
    // The workers get calls first; the clients are told after that.
    if (slot.isRetiring && slot.isIdle) slot.retire();
    this.#requeue(
      calls.filter((call, i): call is Call => call !== null && outcomeOf(i) === CALL_OUTCOME.skipped),
    );
    this.#dispatch();
    if (slot.isIdle) this.#idleCheck.schedule();
    for (let i = 0; i < calls.length; i++) {
      const call = calls[i]!;
      const outcome = outcomeOf(i);
      if (call === null || outcome === CALL_OUTCOME.skipped) continue;
      if (outcome === CALL_OUTCOME.done) this.#counter.doneCalls++;
      else this.#counter.failedCalls++;
      if (averageMs >= 0) this.#counter.runMs += averageMs;
      this.#markAnswered(call);
      if (!call.isAbandoned) this.#tellClient(call, outcome, answers[i * ANSWER_ENTRIES + 2]);
      call.forgetItems();
    }
  }

  #tellClient(call: Call, outcome: unknown, value: unknown): void {
    if (outcome === CALL_OUTCOME.done) return call.client.done(call, value);
    const error = deserializeError(value as SerializedError, (name) => findErrorClass(call.fn.fn, name));
    call.client.failed(call, error);
  }

  callBegan(slot: WorkerSlot, call: Call): void {
    const { timeoutMs } = call.limits;
    // Node cannot count further.
    if (timeoutMs > MAX_TIMER_MS) return;
    const timer = builtIns.setTimeout(() => {
      call.stopTimer = null;
      if (!call.isAbandoned) {
        call.isAbandoned = true;
        call.settler = -1;
        call.client.failed(call, callTimeoutError(this.#options.description, call));
      }
      if (!call.limits.abandonOnCancel) this.#stopWorker(slot);
    }, timeoutMs);
    call.stopTimer = () => builtIns.clearTimeout(timer);
  }

  initializerFailed(_slot: WorkerSlot, error: unknown): void {
    const cause = deserializeError(error as SerializedError);
    this.#breakPool(new WorkerError(`the initializer of ${this.#options.description} failed`, null, cause));
  }

  workerExited(slot: WorkerSlot, exit: WorkerExit): void {
    this.#slots.delete(slot);
    if (!this.#isOver) this.#trace.workerLost(slot.openActivations, exit);
    if (!slot.isReady && this.#state === 'open' && ++this.#failedStarts >= MAX_FAILED_STARTS)
      this.#breakPool(startError(this.#options.description, exit));
    this.#retryOrFail(slot, exit);
    this.#addWorkers();
    if (this.#unanswered > 0 || this.#onEmpty.length > 0) this.#keepAlive(true);
    this.#endIfEmpty();
  }

  #endIfEmpty(): void {
    if (this.#slots.size > 0 || this.#unanswered > 0 || this.#state === 'open') return;
    this.#trace.end();
    for (const callback of this.#onEmpty.splice(0)) callback();
  }

  /** What becomes of the calls of a worker that has ended. */
  #retryOrFail(slot: WorkerSlot, exit: WorkerExit): void {
    const { started, unstarted } = slot.detach();
    const retried: Call[] = [];
    let isTold = this.#isOver || !slot.isReady || slot.isStopped;
    for (const call of started) {
      if (this.#isOver) this.#failCall(call, this.#refusalError());
      else if (call.isAbandoned || call.attempt >= call.limits.retries) {
        if (!call.isAbandoned) isTold = true;
        this.#failCall(call, workerLostError(this.#options.description, call, slot, exit), call.settler);
      } else {
        this.#trace.answer(call);
        call.clearTimer();
        call.attempt++;
        this.#trace.submit(call);
        retried.push(call);
      }
    }
    this.#requeue([...retried, ...unstarted]);
    // Thrown in a timer, or a promise that nobody handles: no call of a caller fails with it.
    if (!isTold && exit.wasThrown)
      warnThrown(`a worker of ${this.#options.description} ended by an error beside its calls`, exit.cause);
  }

  // ── dispatch ──────────────────────────────────────────────────────────────────────────

  readonly #dispatch = (): void => {
    this.#isDispatchScheduled = false;
    let hasAssigned = false;
    for (let call = this.#queue.peek(); call !== undefined; call = this.#queue.peek()) {
      if (call.isAbandoned) {
        this.#queue.removeFirst();
        this.#dropCall(call);
        continue;
      }
      const slot = this.#leastLoaded(call.limits.transfer === null ? call.average.ms : Infinity);
      if (slot === null) break;
      this.#queue.removeFirst();
      slot.assign(call);
      hasAssigned = true;
    }
    this.#queue.compact();
    if (hasAssigned) this.#flushSlots();
    if (!this.#queue.isEmpty) this.#addWorkers();
    this.#scheduleReclaim();
  };

  /** @returns null when no worker takes such a call now. */
  #leastLoaded(averageMs: number): WorkerSlot | null {
    let best: WorkerSlot | null = null;
    let minLoadMs = Infinity;
    for (const slot of this.#slots) {
      const loadMs = slot.loadFor(averageMs);
      if (loadMs === 0) return slot;
      if (loadMs < minLoadMs) {
        minLoadMs = loadMs;
        best = slot;
      }
    }
    return best;
  }

  #flushSlots(): void {
    for (const slot of this.#slots) {
      for (const [call, error] of slot.flush()) {
        const reason = error instanceof Error ? error.message : String(error);
        const message = `${this.#options.description} cannot send the arguments: ${reason}`;
        this.#failCall(call, new TypeError(message, { cause: error }));
      }
    }
  }

  /** Puts calls that no worker has started at the head of the queue. */
  #requeue(calls: readonly Call[]): void {
    if (calls.length === 0) return;
    if (this.#isOver) for (const call of calls) this.#failCall(call, this.#refusalError());
    else this.#queue.unshift(calls);
  }

  /**
   * When a worker is idle while calls stand behind a long one in another worker, they are reclaimed
   * after a while. A call that nobody wants is stopped after a while, should it run then.
   */
  #scheduleReclaim(): void {
    if (this.#isReclaimScheduled || !(this.#unwanted.size > 0 || this.#canReclaim())) return;
    this.#isReclaimScheduled = true;
    builtIns.setTimeout(() => {
      this.#isReclaimScheduled = false;
      this.#stopUnwanted();
      if (this.#canReclaim()) for (const slot of this.#slots) this.#requeue(slot.reclaimStuck());
      this.#dispatch();
    }, STUCK_MS);
  }

  #canReclaim(): boolean {
    if (!this.#queue.isEmpty) return false;
    let hasIdle = false;
    let hasBlocked = false;
    for (const slot of this.#slots) {
      if (slot.isIdle) hasIdle = true;
      else if (slot.isBlocked) hasBlocked = true;
    }
    return hasIdle && hasBlocked;
  }

  #stopUnwanted(): void {
    for (const [call, slot] of this.#unwanted) {
      const isOver = !slot.has(call);
      if (isOver || slot.isRunning(call)) this.#unwanted.delete(call);
      if (!isOver && slot.isRunning(call)) this.#stopWorker(slot);
    }
  }

  // ── workers ───────────────────────────────────────────────────────────────────────────

  /** Starts the workers that stay, and others while calls wait for one. */
  #addWorkers(): void {
    if (this.#isOver) return;
    const { size } = this.#options;
    const minSize = this.#state === 'open' ? this.#options.minSize : 0;
    let count = 0;
    let starting = 0;
    for (const { isStopped, isReady } of this.#slots) {
      if (!isStopped) count++;
      if (!isReady) starting++;
    }
    for (; count < size && (count < minSize || starting < this.#queue.length); count++, starting++)
      this.#addWorker();
  }

  #addWorker(): void {
    this.#counter.startedWorkers++;
    this.#slots.add(new WorkerSlot(this.#options, this));
    if (this.#unanswered > 0 || this.#onEmpty.length > 0) this.#keepAlive(true);
  }

  /** Ends a worker in the middle of a call; another takes its place at once. */
  #stopWorker(slot: WorkerSlot): void {
    if (slot.isStopped || !this.#slots.has(slot)) return;
    const unstarted = slot.stop();
    this.#requeue(unstarted);
    this.#addWorkers();
    this.#dispatch();
  }

  #closeWorkers(): void {
    for (const slot of this.#slots) slot.retire();
  }

  /** Only calls, and tasks that wait for the pool's end, keep the process alive. */
  #keepAlive(isNeeded: boolean): void {
    // One worker is enough; when it ends, another keeps the process alive.
    for (const { handle } of this.#slots) return handle.ref(isNeeded);
  }

  #markAnswered(call: Call): void {
    this.#trace.answer(call);
    call.clearTimer();
    this.#unanswered--;
    if (this.#onRoom.length > 0 && this.hasRoom) this.#tellRoom();
    if (this.#unanswered > 0) return;
    if (this.#onEmpty.length === 0) this.#keepAlive(false);
    if (this.#state === 'closed') this.#closeWorkers();
    this.#endIfEmpty();
  }

  /** Each of them takes what room there is, and asks again when that was too little. */
  #tellRoom(): void {
    const callbacks = this.#onRoom;
    this.#onRoom = [];
    for (const callback of callbacks) callback();
  }

  /**
   * @param settler traced: the activation that ended the call; without it the task that ended the
   *   pool. A call that no worker has started has no activation yet.
   */
  #failCall(call: Call, error: unknown, settler = this.#trace.closerOf(call)): void {
    call.settler = settler;
    this.#counter.lostCalls++;
    this.#markAnswered(call);
    if (!call.isAbandoned) call.client.failed(call, error);
    call.forgetItems();
  }

  #dropCall(call: Call): void {
    this.#counter.lostCalls++;
    this.#markAnswered(call);
    call.forgetItems();
  }

  #breakPool(reason: WorkerError): void {
    if (this.#isOver) return;
    this.#state = 'broken';
    this.#breakReason = reason;
    this.#endWorkers();
  }

  #endWorkers(): void {
    for (const call of this.#queue.removeAll()) this.#failCall(call, this.#refusalError());
    for (const { handle } of this.#slots) handle.kill();
    for (const callback of this.onOver) callback();
  }

  get #isOver(): boolean {
    return this.#state === 'terminated' || this.#state === 'broken';
  }

  #refusalError(): unknown {
    return this.#state === 'broken'
      ? this.#breakReason
      : new PoolClosedError(`${this.#options.description} was terminated`);
  }
}
