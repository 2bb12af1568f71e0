/**
 * The workers of a pool and the jobs that wait for one. A job goes to the worker that will be free the soonest, when that has room for it;
 * what was asked for in one turn goes in one message. A worker that ends is replaced, and its jobs go where the caller said.
 *
 *   offer ─▶ line ─▶ feed: the freest seat ─▶ worker ─▶ answered ─▶ the asker
 */
import { builtIns, lane, OUTCOME, recorder, traced } from '../tasks/trace.ts';
import { K } from '../trace/format/kinds.ts';
import { PoolClosedError, WorkerError } from './errors.ts';
import type { Gone } from './hand.ts';
import type { Job } from './jobs.ts';
import { type Begin, DONE_ENTRIES, ENDED, type Row } from './messages.ts';
import { Seat, type SeatEvents, STUCK_MS } from './seat.ts';
import { endOfWorker, link } from './trace-jobs.ts';
import { type CarriedError, errorFrom } from './values.ts';

/** So many workers in a row that end before they are ready: there is no use in another. */
const FAILED_STARTS = 3;

export interface StaffOptions {
  readonly size: number;
  readonly kind: 'threads' | 'processes';
  /** For messages: `pool "squares"`. */
  readonly described: string;
  readonly begin: Begin;
  /** Jobs a worker does before it is replaced; Infinity: it stays. */
  readonly mostJobs: number;
}

type State = 'open' | 'closed' | 'terminated' | 'broken';

export class Staff implements SeatEvents {
  readonly #options: StaffOptions;
  readonly #seats = new Set<Seat>();
  #line: Job[] = [];
  #head = 0;
  #state: State = 'open';
  #why: unknown = null;
  #failedStarts = 0;
  #feeding = false;
  #watching = false;
  /** Jobs that were offered and are not answered. */
  #unanswered = 0;
  /** Traced: the task that closed or terminated it. */
  #closer = 0;
  #endRecorded = false;
  readonly #onEmpty: (() => void)[] = [];

  constructor(options: StaffOptions) {
    this.#options = options;
    for (let i = 0; i < options.size; i++) this.#hire();
  }

  get state(): State {
    return this.#state;
  }
  /** What broke it. */
  get why(): unknown {
    return this.#why;
  }

  offer(job: Job): void {
    if (this.#state === 'broken' || this.#state === 'terminated') {
      job.asker.failed(job, this.#refusal());
      return;
    }
    if (traced) this.#recordOffer(job);
    this.#line.push(job);
    // An iteration may ask for more when the pool was closed and its workers have left.
    if (this.#seats.size === 0) this.#hire();
    if (this.#unanswered++ === 0) this.#keepAlive(true);
    if (this.#feeding) return;
    this.#feeding = true;
    queueMicrotask(this.#feed);
  }

  /** No more jobs come: workers end when all that were offered are answered. */
  close(): void {
    if (this.#state !== 'open') return;
    this.#state = 'closed';
    if (traced) this.#closer = lane.currentId();
    if (this.#unanswered === 0) this.#dismiss();
  }

  /** Ends the workers in the middle of what they do. */
  terminate(): void {
    if (this.#state === 'terminated') return;
    if (this.#state !== 'broken') this.#state = 'terminated';
    if (traced) this.#closer = lane.currentId();
    this.#end();
  }

  /** Calls back once there is no worker any more. */
  whenEmpty(callback: () => void): void {
    if (this.#seats.size === 0) callback();
    else {
      this.#onEmpty.push(callback);
      this.#keepAlive(true);
    }
  }

  // ── what seats tell ───────────────────────────────────────────────────────────────────

  ready(): void {
    this.#failedStarts = 0;
    this.#feed();
  }

  answered(seat: Seat, jobs: readonly (Job | null)[], done: Row): void {
    // The worker first, then those who waited.
    if (seat.isRetiring && seat.isIdle) seat.retire();
    this.#again(
      jobs.filter((job, i): job is Job => job !== null && done[i * DONE_ENTRIES + 1] === ENDED.leftOut),
    );
    this.#feed();
    for (let i = 0; i < jobs.length; i++) {
      const job = jobs[i]!;
      const at = i * DONE_ENTRIES;
      if (job === null || done[at + 1] === ENDED.leftOut) continue;
      this.#settled(job);
      if (job.dropped) continue;
      if (done[at + 1] === ENDED.done) job.asker.done(job, done[at + 2]);
      else job.asker.failed(job, errorFrom(done[at + 2] as CarriedError));
    }
  }

  broken(_seat: Seat, error: unknown): void {
    this.#break(
      new WorkerError(
        `the initializer of ${this.#options.described} failed`,
        null,
        errorFrom(error as CarriedError),
      ),
    );
  }

  gone(seat: Seat, how: Gone): void {
    this.#seats.delete(seat);
    const { begun, untouched } = seat.leave();
    // Where the worker died without a word; of another process this one does not know the ids.
    if (traced && seat.openAct > 0 && !this.#isOver())
      recorder.write(K.activationEnd, OUTCOME.error, seat.openAct, endOfWorker(ending(how)), 0, 0, 0);
    if (!seat.isReady && this.#state === 'open' && ++this.#failedStarts >= FAILED_STARTS)
      this.#break(
        new WorkerError(
          `workers of ${this.#options.described} cannot start: ${ending(how)}`,
          how.code,
          how.cause,
        ),
      );
    const again: Job[] = [];
    for (const job of begun) {
      if (this.#isOver()) this.#fail(job, this.#refusal());
      else if (job.attempt >= job.retries) this.#fail(job, this.#lost(job, how), job.by);
      else {
        if (traced) this.#recordAnswer(job);
        job.attempt++;
        if (traced) this.#recordOffer(job);
        again.push(job);
      }
    }
    this.#again([...again, ...untouched]);
    if (!this.#isOver() && (this.#state === 'open' || this.#unanswered > 0)) this.#hire();
    if (this.#unanswered > 0 || this.#onEmpty.length > 0) this.#keepAlive(true);
    if (traced && this.#seats.size === 0) this.#recordEnd();
    if (this.#seats.size === 0) for (const callback of this.#onEmpty.splice(0)) callback();
  }

  // ── feeding ───────────────────────────────────────────────────────────────────────────

  readonly #feed = (): void => {
    this.#feeding = false;
    let given = false;
    while (this.#head < this.#line.length) {
      const job = this.#line[this.#head]!;
      if (job.dropped) {
        this.#head++;
        this.#settled(job);
        continue;
      }
      const seat = this.#freest(job.pace.ms);
      if (seat === null) break;
      this.#head++;
      seat.give(job);
      given = true;
    }
    // Whoever waits in a long line is moved seldom.
    if (this.#head * 2 > this.#line.length) {
      this.#line = this.#line.slice(this.#head);
      this.#head = 0;
    }
    if (given) this.#send();
    this.#watch();
  };

  #freest(paceMs: number): Seat | null {
    let best: Seat | null = null;
    let least = Infinity;
    for (const seat of this.#seats) {
      const load = seat.loadFor(paceMs);
      if (load === 0) return seat;
      if (load < least) {
        least = load;
        best = seat;
      }
    }
    return best;
  }

  #send(): void {
    for (const seat of this.#seats) {
      for (const [job, error] of seat.send()) {
        const why = error instanceof Error ? error.message : String(error);
        this.#fail(
          job,
          new TypeError(`${this.#options.described} cannot send the arguments: ${why}`, { cause: error }),
        );
      }
    }
  }

  /** Jobs that no worker has begun stand first in the line. */
  #again(jobs: readonly Job[]): void {
    if (jobs.length === 0) return;
    if (this.#isOver()) for (const job of jobs) this.#fail(job, this.#refusal());
    else {
      this.#line = [...jobs, ...this.#line.slice(this.#head)];
      this.#head = 0;
    }
  }

  /** A worker has nothing to do while jobs stand behind a long one in another: after a while they are taken back. */
  #watch(): void {
    if (this.#watching || this.#line.length > this.#head) return;
    let idle = false;
    let blocked = false;
    for (const seat of this.#seats) {
      if (seat.isIdle) idle = true;
      else if (seat.isBlocked) blocked = true;
    }
    if (!idle || !blocked) return;
    this.#watching = true;
    builtIns.setTimeout(() => {
      this.#watching = false;
      for (const seat of this.#seats) this.#again(seat.takeBack());
      this.#feed();
    }, STUCK_MS);
  }

  // ── workers ───────────────────────────────────────────────────────────────────────────

  #hire(): void {
    const { kind, begin, mostJobs } = this.#options;
    const seat = new Seat(kind, begin, mostJobs, this);
    this.#seats.add(seat);
    if (this.#unanswered > 0 || this.#onEmpty.length > 0) this.#keepAlive(true);
  }

  #dismiss(): void {
    for (const seat of this.#seats) seat.retire();
  }

  /** Nothing keeps the process alive but jobs, and whoever waits for the end. */
  #keepAlive(on: boolean): void {
    // One is enough; when it goes, it is replaced.
    for (const { hand } of this.#seats) return hand.ref(on);
  }

  #settled(job: Job): void {
    if (traced) this.#recordAnswer(job);
    if (--this.#unanswered > 0) return;
    if (this.#onEmpty.length === 0) this.#keepAlive(false);
    if (this.#state === 'closed') this.#dismiss();
  }

  /** @param by traced: who ended it; without that whoever ended the pool. What no worker has begun has no activation that could have. */
  #fail(job: Job, error: unknown, by = this.#ender(job)): void {
    job.by = by;
    this.#settled(job);
    if (!job.dropped) job.asker.failed(job, error);
  }

  /** Who waits for it and ended it itself is not what its wait was ended by: that is the end of the worker. */
  #ender(job: Job): number {
    return this.#closer > 0 && this.#closer !== job.submitter ? this.#closer : -1;
  }

  #break(why: WorkerError): void {
    if (this.#isOver()) return;
    this.#state = 'broken';
    this.#why = why;
    this.#end();
  }

  #end(): void {
    const waiting = this.#line.slice(this.#head);
    this.#line = [];
    this.#head = 0;
    for (const job of waiting) this.#fail(job, this.#refusal());
    for (const { hand } of this.#seats) hand.kill();
  }

  #isOver(): boolean {
    return this.#state === 'terminated' || this.#state === 'broken';
  }

  #refusal(): unknown {
    return this.#state === 'broken'
      ? this.#why
      : new PoolClosedError(`${this.#options.described} was terminated`);
  }

  #lost({ fn }: Job, how: Gone): WorkerError {
    return new WorkerError(
      `a worker of ${this.#options.described} ${ending(how)} while it had ${fn.label}()`,
      how.code,
      how.cause,
    );
  }

  #recordOffer(job: Job): void {
    if (job.submitter === 0) job.submitter = lane.currentId();
    job.token = recorder.nextId();
    job.by = this.#options.kind === 'threads' ? job.token : -1;
    link('send', 'job', job.submitter, job.token, process.pid, this.#options.begin.resource, job.attempt);
  }

  /** Whatever came of it: the pool has no work with it any more. */
  #recordAnswer(job: Job): void {
    const { resource } = this.#options.begin;
    link('receive', 'result', job.submitter, job.token, process.pid, resource, job.attempt);
  }

  #recordEnd(): void {
    if (this.#endRecorded) return;
    this.#endRecorded = true;
    recorder.write(K.resourceEnd, 0, this.#closer, this.#options.begin.resource, 0, 0, 0);
  }
}

function ending({ code, signal, cause }: Gone): string {
  const how =
    signal !== null
      ? `was ended by ${signal}`
      : code === null
        ? 'could not be reached'
        : `ended with exit code ${code}`;
  return cause instanceof Error ? `${how} (${cause.message})` : how;
}
