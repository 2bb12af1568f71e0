/**
 * The workers of a pool and the jobs that wait for one. A job goes to the worker that will be free the soonest, when that has room for it;
 * what was asked for in one turn goes in one message. A worker that ends is replaced, and its jobs go where the caller said.
 *
 *   offer ─▶ line ─▶ feed: the freest seat ─▶ worker ─▶ answered ─▶ the asker
 */
import { builtIns, bridge, recorder, traced } from '../../tasks/core/trace.ts';
import { KIND, OUTCOME } from '../../trace/format/kinds.ts';
import { PoolClosedError, WorkerError } from '../errors.ts';
import type { WorkerExit } from '../transport/worker-handle.ts';
import type { Call } from './call.ts';
import { type WorkerInit, ANSWER_ENTRIES, CALL_OUTCOME, type Batch } from '../transport/messages.ts';
import { WorkerSlot, type WorkerSlotEvents, STUCK_MS } from './worker-slot.ts';
import { workerExitText, recordLink } from '../worker/worker-trace.ts';
import { type CarriedError, errorFrom } from '../transport/cloneable.ts';

/** So many workers in a row that end before they are ready: there is no use in another. */
const FAILED_STARTS = 3;

export interface WorkerPoolOptions {
  readonly size: number;
  readonly kind: 'threads' | 'processes';
  /** For messages: `pool "squares"`. */
  readonly description: string;
  readonly init: WorkerInit;
  /** Jobs a worker does before it is replaced; Infinity: it stays. */
  readonly maxCalls: number;
}

type State = 'open' | 'closed' | 'terminated' | 'broken';

export class WorkerPool implements WorkerSlotEvents {
  readonly #options: WorkerPoolOptions;
  readonly #slots = new Set<WorkerSlot>();
  #queue: Call[] = [];
  #head = 0;
  #state: State = 'open';
  #breakReason: unknown = null;
  #failedStarts = 0;
  #isDispatchScheduled = false;
  #isReclaimScheduled = false;
  /** Jobs that were offered and are not answered. */
  #unanswered = 0;
  /** Traced: the task that closed or terminated it. */
  #closer = 0;
  #endRecorded = false;
  readonly #onEmpty: (() => void)[] = [];

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    for (let i = 0; i < options.size; i++) this.#addWorker();
  }

  get state(): State {
    return this.#state;
  }
  /** What broke it. */
  get breakReason(): unknown {
    return this.#breakReason;
  }

  submit(job: Call): void {
    if (this.#state === 'broken' || this.#state === 'terminated') {
      job.client.failed(job, this.#refusal());
      return;
    }
    if (traced) this.#recordSubmit(job);
    this.#queue.push(job);
    // An iteration may ask for more when the pool was closed and its workers have left.
    if (this.#slots.size === 0) this.#addWorker();
    if (this.#unanswered++ === 0) this.#keepAlive(true);
    if (this.#isDispatchScheduled) return;
    this.#isDispatchScheduled = true;
    queueMicrotask(this.#dispatch);
  }

  /** No more jobs come: workers end when all that were offered are answered. */
  close(): void {
    if (this.#state !== 'open') return;
    this.#state = 'closed';
    if (traced) this.#closer = bridge.currentId();
    if (this.#unanswered === 0) this.#closeWorkers();
  }

  /** Ends the workers in the middle of what they do. */
  terminate(): void {
    if (this.#state === 'terminated') return;
    if (this.#state !== 'broken') this.#state = 'terminated';
    if (traced) this.#closer = bridge.currentId();
    this.#endWorkers();
  }

  /** Calls back once there is no worker any more. */
  whenEmpty(callback: () => void): void {
    if (this.#slots.size === 0) callback();
    else {
      this.#onEmpty.push(callback);
      this.#keepAlive(true);
    }
  }

  // ── what seats tell ───────────────────────────────────────────────────────────────────

  workerReady(): void {
    this.#failedStarts = 0;
    this.#dispatch();
  }

  callsAnswered(seat: WorkerSlot, jobs: readonly (Call | null)[], done: Batch): void {
    // The worker first, then those who waited.
    if (seat.isRetiring && seat.isIdle) seat.retire();
    this.#requeue(
      jobs.filter(
        (job, i): job is Call => job !== null && done[i * ANSWER_ENTRIES + 1] === CALL_OUTCOME.skipped,
      ),
    );
    this.#dispatch();
    for (let i = 0; i < jobs.length; i++) {
      const job = jobs[i]!;
      const at = i * ANSWER_ENTRIES;
      if (job === null || done[at + 1] === CALL_OUTCOME.skipped) continue;
      this.#markAnswered(job);
      if (job.dropped) continue;
      if (done[at + 1] === CALL_OUTCOME.done) job.client.done(job, done[at + 2]);
      else job.client.failed(job, errorFrom(done[at + 2] as CarriedError));
    }
  }

  initializerFailed(_seat: WorkerSlot, error: unknown): void {
    this.#breakPool(
      new WorkerError(
        `the initializer of ${this.#options.description} failed`,
        null,
        errorFrom(error as CarriedError),
      ),
    );
  }

  workerExited(seat: WorkerSlot, how: WorkerExit): void {
    this.#slots.delete(seat);
    const { begun, untouched } = seat.detach();
    // Where the worker died without a word; of another process this one does not know the ids.
    if (traced && seat.openActivation > 0 && !this.#isOver())
      recorder.write(
        KIND.activationEnd,
        OUTCOME.error,
        seat.openActivation,
        workerExitText(describeExit(how)),
        0,
        0,
        0,
      );
    if (!seat.isReady && this.#state === 'open' && ++this.#failedStarts >= FAILED_STARTS)
      this.#breakPool(
        new WorkerError(
          `workers of ${this.#options.description} cannot start: ${describeExit(how)}`,
          how.code,
          how.cause,
        ),
      );
    const again: Call[] = [];
    for (const job of begun) {
      if (this.#isOver()) this.#failCall(job, this.#refusal());
      else if (job.attempt >= job.retries) this.#failCall(job, this.#workerLostError(job, how), job.by);
      else {
        if (traced) this.#recordAnswer(job);
        job.attempt++;
        if (traced) this.#recordSubmit(job);
        again.push(job);
      }
    }
    this.#requeue([...again, ...untouched]);
    if (!this.#isOver() && (this.#state === 'open' || this.#unanswered > 0)) this.#addWorker();
    if (this.#unanswered > 0 || this.#onEmpty.length > 0) this.#keepAlive(true);
    if (traced && this.#slots.size === 0) this.#recordEnd();
    if (this.#slots.size === 0) for (const callback of this.#onEmpty.splice(0)) callback();
  }

  // ── feeding ───────────────────────────────────────────────────────────────────────────

  readonly #dispatch = (): void => {
    this.#isDispatchScheduled = false;
    let given = false;
    while (this.#head < this.#queue.length) {
      const job = this.#queue[this.#head]!;
      if (job.dropped) {
        this.#head++;
        this.#markAnswered(job);
        continue;
      }
      const seat = this.#leastLoaded(job.pace.ms);
      if (seat === null) break;
      this.#head++;
      seat.assign(job);
      given = true;
    }
    // Whoever waits in a long line is moved seldom.
    if (this.#head * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    if (given) this.#flushSlots();
    this.#scheduleReclaim();
  };

  #leastLoaded(paceMs: number): WorkerSlot | null {
    let best: WorkerSlot | null = null;
    let least = Infinity;
    for (const seat of this.#slots) {
      const load = seat.loadFor(paceMs);
      if (load === 0) return seat;
      if (load < least) {
        least = load;
        best = seat;
      }
    }
    return best;
  }

  #flushSlots(): void {
    for (const seat of this.#slots) {
      for (const [job, error] of seat.flush()) {
        const why = error instanceof Error ? error.message : String(error);
        this.#failCall(
          job,
          new TypeError(`${this.#options.description} cannot send the arguments: ${why}`, { cause: error }),
        );
      }
    }
  }

  /** Jobs that no worker has begun stand first in the line. */
  #requeue(jobs: readonly Call[]): void {
    if (jobs.length === 0) return;
    if (this.#isOver()) for (const job of jobs) this.#failCall(job, this.#refusal());
    else {
      this.#queue = [...jobs, ...this.#queue.slice(this.#head)];
      this.#head = 0;
    }
  }

  /** A worker has nothing to do while jobs stand behind a long one in another: after a while they are taken back. */
  #scheduleReclaim(): void {
    if (this.#isReclaimScheduled || this.#queue.length > this.#head) return;
    let idle = false;
    let blocked = false;
    for (const seat of this.#slots) {
      if (seat.isIdle) idle = true;
      else if (seat.isBlocked) blocked = true;
    }
    if (!idle || !blocked) return;
    this.#isReclaimScheduled = true;
    builtIns.setTimeout(() => {
      this.#isReclaimScheduled = false;
      for (const seat of this.#slots) this.#requeue(seat.reclaim());
      this.#dispatch();
    }, STUCK_MS);
  }

  // ── workers ───────────────────────────────────────────────────────────────────────────

  #addWorker(): void {
    const { kind, init: begin, maxCalls: mostJobs } = this.#options;
    const seat = new WorkerSlot(kind, begin, mostJobs, this);
    this.#slots.add(seat);
    if (this.#unanswered > 0 || this.#onEmpty.length > 0) this.#keepAlive(true);
  }

  #closeWorkers(): void {
    for (const seat of this.#slots) seat.retire();
  }

  /** Nothing keeps the process alive but jobs, and whoever waits for the end. */
  #keepAlive(on: boolean): void {
    // One is enough; when it goes, it is replaced.
    for (const { handle: hand } of this.#slots) return hand.ref(on);
  }

  #markAnswered(job: Call): void {
    if (traced) this.#recordAnswer(job);
    if (--this.#unanswered > 0) return;
    if (this.#onEmpty.length === 0) this.#keepAlive(false);
    if (this.#state === 'closed') this.#closeWorkers();
  }

  /** @param by traced: who ended it; without that whoever ended the pool. What no worker has begun has no activation that could have. */
  #failCall(job: Call, error: unknown, by = this.#enderOf(job)): void {
    job.by = by;
    this.#markAnswered(job);
    if (!job.dropped) job.client.failed(job, error);
  }

  /** Who waits for it and ended it itself is not what its wait was ended by: that is the end of the worker. */
  #enderOf(job: Call): number {
    return this.#closer > 0 && this.#closer !== job.submitter ? this.#closer : -1;
  }

  #breakPool(why: WorkerError): void {
    if (this.#isOver()) return;
    this.#state = 'broken';
    this.#breakReason = why;
    this.#endWorkers();
  }

  #endWorkers(): void {
    const waiting = this.#queue.slice(this.#head);
    this.#queue = [];
    this.#head = 0;
    for (const job of waiting) this.#failCall(job, this.#refusal());
    for (const { handle: hand } of this.#slots) hand.kill();
  }

  #isOver(): boolean {
    return this.#state === 'terminated' || this.#state === 'broken';
  }

  #refusal(): unknown {
    return this.#state === 'broken'
      ? this.#breakReason
      : new PoolClosedError(`${this.#options.description} was terminated`);
  }

  #workerLostError({ fn }: Call, how: WorkerExit): WorkerError {
    return new WorkerError(
      `a worker of ${this.#options.description} ${describeExit(how)} while it had ${fn.label}()`,
      how.code,
      how.cause,
    );
  }

  #recordSubmit(job: Call): void {
    if (job.submitter === 0) job.submitter = bridge.currentId();
    job.token = recorder.nextId();
    job.by = this.#options.kind === 'threads' ? job.token : -1;
    recordLink(
      'send',
      'job',
      job.submitter,
      job.token,
      process.pid,
      this.#options.init.resource,
      job.attempt,
    );
  }

  /** Whatever came of it: the pool has no work with it any more. */
  #recordAnswer(job: Call): void {
    const { resource } = this.#options.init;
    recordLink('receive', 'result', job.submitter, job.token, process.pid, resource, job.attempt);
  }

  #recordEnd(): void {
    if (this.#endRecorded) return;
    this.#endRecorded = true;
    recorder.write(KIND.resourceEnd, 0, this.#closer, this.#options.init.resource, 0, 0, 0);
  }
}

function describeExit({ code, signal, cause }: WorkerExit): string {
  const how =
    signal !== null
      ? `was ended by ${signal}`
      : code === null
        ? 'could not be reached'
        : `ended with exit code ${code}`;
  return cause instanceof Error ? `${how} (${cause.message})` : how;
}
