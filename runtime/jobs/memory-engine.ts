/**
 * Jobs that stay in this process. Each worker of the queue is a task that takes the first job of
 * the line and waits for the attempt at it, a task of its own:
 *
 *   add ─▶ delayed ─▶ [ line: by priority, then as they came ] ─▶ worker ─▶ attempt
 *            ▲                                                                │ failed
 *            └────────────── back-off, while attempts are left ───────────────┘
 *
 * Everything takes the clock of the run that it belongs to, so a run on the virtual clock is over
 * at once and is the same each time.
 */
import { describeResource, beginResource, ResourceOperation } from '../sync/resource.ts';
import { QueueClosed } from '../sync/errors.ts';
import { PriorityStore } from '../sync/item-store.ts';
import { WaitQueue, WaitQueueEntry } from '../sync/wait-queue.ts';
import { externalCancellation } from '../tasks/core/cancellation.ts';
import { CancelledError } from '../tasks/core/errors.ts';
import { CANCELLED, DONE, FAILED } from '../tasks/core/future-state.ts';
import { Future } from '../tasks/core/future.ts';
import { scheduler } from '../tasks/core/runner.ts';
import { CANCEL_REQUESTED } from '../tasks/core/task-flags.ts';
import { type Coroutine, Task } from '../tasks/core/task.ts';
import { traced } from '../tasks/core/trace.ts';
import { type Clock, currentClock } from '../tasks/time/clocks.ts';
import { REASON } from '../trace/format/kinds.ts';
import type { AddedJob } from './added-job.ts';
import type { AttemptRequest, CheckedFlow, JobEngine, WorkerSettings } from './engine.ts';
import { JobFailed, JobRemoved } from './errors.ts';
import {
  backoffMs,
  type CheckedJob,
  type JobCounts,
  type RateLimit,
  type RepeatOptions,
} from './job-options.ts';
import { asker, callSite, createJobTrace } from './job-trace.ts';
import { MemoryJob } from './memory-job.ts';

/** Jobs that ended and are known by their ids. */
const MAX_ENDED = 1000;

const CLOSED = 'was closed';

/** A worker that waits for a job; null: there will be none. */
class JobTake extends WaitQueueEntry<MemoryJob | null> {
  readonly #giveBack: (job: MemoryJob) => void;

  constructor(subject: ResourceOperation, giveBack: (job: MemoryJob) => void) {
    super(subject);
    this.#giveBack = giveBack;
  }
  protected override release(job: MemoryJob | null): void {
    if (job !== null) this.#giveBack(job);
  }
}

interface Repeating {
  readonly job: CheckedJob;
  readonly everyMs: number;
  left: number;
  /** How many have come. */
  count: number;
  /** When the next is due, on the clock. */
  dueMs: number;
  next: MemoryJob | null;
}

export class MemoryEngine implements JobEngine {
  readonly queueName: string;
  readonly #id: number;
  readonly #trace: ReturnType<typeof createJobTrace>;
  readonly #takeWait: ResourceOperation;
  /** By id; those that ended are forgotten after a while. */
  readonly #jobs = new Map<string, MemoryJob>();
  readonly #ended: MemoryJob[] = [];
  readonly #line = new PriorityStore<MemoryJob>();
  readonly #takers = new WaitQueue<JobTake>();
  readonly #repeating = new Map<string, Repeating>();
  readonly #workers: Task[] = [];
  readonly #active = new Set<MemoryJob>();
  readonly #delayed = new Set<MemoryJob>();
  readonly #waitingChildren = new Set<MemoryJob>();
  #limit: RateLimit | null = null;
  /** That of the workers. */
  #clock: Clock | null = null;
  /** When the stretch of time began that the limit is for, and how many began in it. */
  #windowMs = -Infinity;
  #begun = 0;
  #limitSleep: Future | null = null;
  #lastId = 0;
  #serial = 0;
  #waitingCount = 0;
  #isPaused = false;
  #closing: Future<void> | null = null;

  constructor(queueName: string) {
    this.queueName = queueName;
    this.#id = beginResource('job-queue', queueName, Infinity);
    this.#trace = createJobTrace(this.#id);
    this.#takeWait = new ResourceOperation(
      REASON['queue-get'],
      this.#id,
      () => `the next job of ${this.#describe()}`,
    );
  }

  add(jobs: readonly CheckedJob[]): Future<AddedJob[]> {
    this.#checkOpen('add');
    const site = callSite();
    return Future.done(jobs.map((job) => this.#add(job, site)));
  }

  addFlow(flow: CheckedFlow): Future<AddedJob> {
    this.#checkOpen('addFlow');
    return Future.done(this.#addTree(flow, null, callSite()));
  }

  /** A parent comes before its children, so that none of them ends too early. */
  #addTree({ job, children }: CheckedFlow, parent: MemoryJob | null, site: number): MemoryJob {
    const known = job.id === undefined ? undefined : this.#jobs.get(job.id);
    if (known !== undefined) return known;
    const added = this.#create(job, site);
    added.parent = parent;
    if (children.length === 0) {
      this.#admit(added, site);
      return added;
    }
    added.state = 'waiting-children';
    added.missingChildren = children.length;
    this.#waitingChildren.add(added);
    added.onChildren = () => {
      if (!this.#waitingChildren.delete(added)) return;
      if (added.failedChild === null) this.#admit(added, site);
      else
        this.#end(
          added,
          FAILED,
          new JobFailed(`${added.describe()}: a child of it failed: ${added.failedChild.message}`, {
            cause: added.failedChild,
          }),
          -1,
        );
    };
    for (const child of children) (child.engine as MemoryEngine).#addTree(child, added, site);
    return added;
  }

  #add(job: CheckedJob, site: number): MemoryJob {
    const known = job.id === undefined ? undefined : this.#jobs.get(job.id);
    if (known !== undefined) return known;
    const added = this.#create(job, site);
    this.#admit(added, site);
    return added;
  }

  #create(job: CheckedJob, site: number): MemoryJob {
    const id = job.id ?? String(++this.#lastId);
    const created = new MemoryJob(job, id, this.queueName, this.#trace.begin(job.name, site));
    this.#jobs.set(id, created);
    return created;
  }

  /** It stands in line, now or when its time has come. */
  #admit(job: MemoryJob, site: number): void {
    if (job.given.delay > 0) this.#delay(job, job.given.delay, asker(), site);
    else this.#enter(job, asker());
  }

  #delay(job: MemoryJob, ms: number, by: number, site: number): void {
    job.state = 'delayed';
    this.#delayed.add(job);
    this.#trace.delay(job.resource, by, site);
    job.sleep = currentClock()
      .sleep<unknown>(ms, undefined)
      .onDone((sleep) => {
        job.sleep = null;
        if (!this.#delayed.delete(job) || sleep.isCancelled) return;
        this.#enter(job, 0);
      });
  }

  #enter(job: MemoryJob, by: number): void {
    if (this.#closing !== null) {
      this.#end(job, FAILED, this.#removed(job, CLOSED), -1);
      return;
    }
    job.state = 'waiting';
    this.#waitingCount++;
    job.serial = ++this.#serial;
    this.#line.push(job, job.given.priority, job.serial);
    this.#trace.enter(by, this.#waitingCount, job.serial, job.given.priority);
    this.#handOut();
  }

  /** What waits goes to workers that wait, as far as it may. */
  #handOut(): void {
    while (this.#takers.size > 0 && this.#line.size > 0 && !this.#isPaused) {
      if (this.#isLimited()) return;
      const job = this.#line.pop();
      // It left the queue while it stood in line.
      if (job.state !== 'waiting') continue;
      this.#waitingCount--;
      this.#begun++;
      this.#takers.removeFirst()!.settle(DONE, job);
    }
  }

  #isLimited(): boolean {
    const limit = this.#limit;
    if (limit === null) return false;
    const { nowMs } = this.#clock!;
    if (nowMs - this.#windowMs >= limit.per) {
      this.#windowMs = nowMs;
      this.#begun = 0;
    }
    if (this.#begun < limit.max) return false;
    if (this.#limitSleep === null) {
      this.#trace.limit(true);
      this.#limitSleep = this.#clock!.sleep(this.#windowMs + limit.per - nowMs, undefined).onDone(() => {
        this.#limitSleep = null;
        this.#trace.limit(false);
        this.#handOut();
      });
    }
    return true;
  }

  /** A worker took it and was cancelled before it could begin: it comes first again. */
  #giveBack(job: MemoryJob): void {
    this.#begun--;
    this.#waitingCount++;
    this.#line.push(job, job.given.priority, job.serial);
    this.#handOut();
  }

  work({ concurrency, limit, start }: WorkerSettings): void {
    this.#checkOpen('process');
    this.#limit = limit;
    this.#clock = currentClock();
    for (let n = 1; n <= concurrency; n++) {
      const name = `${this.queueName} worker${concurrency === 1 ? '' : ` ${n}`}`;
      const worker = new Task<void>(this.#work(start), { name });
      // It waits for ever, and nobody waits for it.
      worker.markHandled();
      this.#workers.push(worker as Task);
    }
  }

  *#work(start: WorkerSettings['start']): Coroutine<void> {
    for (;;) {
      const take = new JobTake(this.#takeWait, (job) => this.#giveBack(job));
      if (this.#closing !== null) return;
      this.#takers.add(take);
      this.#handOut();
      const job = yield* take as Future<MemoryJob | null>;
      if (job === null) return;
      yield* this.#attempt(job, start);
    }
  }

  *#attempt(job: MemoryJob, start: WorkerSettings['start']): Coroutine<void> {
    job.attempt++;
    job.state = 'active';
    this.#active.add(job);
    if (job.attempt === 1) this.#repeatAfter(job);
    const attempt = start(this.#request(job));
    job.current = attempt;
    this.#trace.leave(attempt.id, this.#waitingCount, job.serial, job.given.priority);
    attempt.markHandled();
    try {
      const value = yield* attempt;
      this.#end(job, DONE, value, attempt.id);
    } catch (error) {
      this.#fail(job, error, attempt.id);
      // The worker itself is cancelled: its run ends.
      const { flags } = scheduler.currentRunner() as { readonly flags: number };
      if (error instanceof CancelledError && (flags & CANCEL_REQUESTED) !== 0) throw error;
    }
  }

  #request(job: MemoryJob): AttemptRequest {
    return {
      id: job.id,
      name: job.name,
      data: job.given.data,
      attempt: job.attempt,
      resource: job.resource,
      progress: (value) => {
        job.tellProgress(value);
        return Future.done(undefined);
      },
      childResults: () => Future.done({ ...job.childResults }),
    };
  }

  #fail(job: MemoryJob, error: unknown, attempt: number): void {
    const isOver =
      error instanceof CancelledError || job.attempt >= job.given.attempts || this.#closing !== null;
    if (isOver) {
      this.#end(job, FAILED, error, attempt);
      return;
    }
    this.#active.delete(job);
    job.current = null;
    const ms = backoffMs(job.given.backoff, job.attempt);
    if (ms > 0) this.#delay(job, ms, attempt, 0);
    else this.#enter(job, traced ? attempt : 0);
  }

  #end(job: MemoryJob, state: number, value: unknown, settler: number): void {
    this.#active.delete(job);
    const end = value instanceof CancelledError ? CANCELLED : state;
    const isRemoved = value instanceof JobRemoved || value instanceof QueueClosed;
    job.end(end, value, settler, job.parent !== null || isRemoved);
    this.#ended.push(job);
    if (this.#ended.length <= MAX_ENDED) return;
    const { id } = this.#ended.shift()!;
    this.#jobs.delete(id);
  }

  repeat(id: string, job: CheckedJob, { every, limit = Infinity }: RepeatOptions): Future<void> {
    this.#checkOpen('repeat');
    this.#stop(id);
    const repeating = { job, everyMs: every, left: limit, count: 0, dueMs: currentClock().nowMs, next: null };
    this.#repeating.set(id, repeating);
    this.#addNext(id, repeating, callSite());
    return Future.done(undefined);
  }

  stopRepeating(id: string): Future<boolean> {
    return Future.done(this.#stop(id));
  }

  #stop(id: string): boolean {
    const repeating = this.#repeating.get(id);
    if (repeating === undefined) return false;
    this.#repeating.delete(id);
    if (repeating.next !== null) this.#remove(repeating.next, `was told to stop repeating "${id}"`);
    return true;
  }

  /** The next one is added when the one before it begins. */
  #repeatAfter(job: MemoryJob): void {
    for (const [id, repeating] of this.#repeating)
      if (repeating.next === job) {
        repeating.next = null;
        if (repeating.left > 0) this.#addNext(id, repeating, 0);
        else this.#repeating.delete(id);
      }
  }

  #addNext(id: string, repeating: Repeating, site: number): void {
    const { nowMs } = currentClock();
    const delay = Math.max(0, repeating.dueMs - nowMs);
    repeating.dueMs += repeating.everyMs;
    repeating.left--;
    repeating.count++;
    const given = { ...repeating.job, id: `repeat:${id}:${repeating.count}`, delay };
    repeating.next = this.#create(given, site);
    this.#admit(repeating.next, site);
  }

  pause(): Future<void> {
    if (!this.#isPaused) this.#trace.pause(true);
    this.#isPaused = true;
    return Future.done(undefined);
  }

  resume(): Future<void> {
    if (this.#isPaused) this.#trace.pause(false);
    this.#isPaused = false;
    this.#handOut();
    return Future.done(undefined);
  }

  drain(): Future<void> {
    this.#removeAll('was drained');
    return Future.done(undefined);
  }

  counts(): Future<JobCounts> {
    return Future.done({
      waiting: this.#waitingCount,
      delayed: this.#delayed.size,
      active: this.#active.size,
      waitingChildren: this.#waitingChildren.size,
    });
  }

  close(graceMs: number): Future<void> {
    if (this.#closing !== null) return this.#closing;
    const closing = new Task<void>(this.#close(graceMs), { name: `close ${this.queueName}` });
    this.#closing = closing;
    for (const id of this.#repeating.keys()) this.#stop(id);
    this.#removeAll(CLOSED);
    for (let take = this.#takers.removeFirst(); take !== null; take = this.#takers.removeFirst())
      take.settle(DONE, null);
    return closing;
  }

  *#close(graceMs: number): Coroutine<void> {
    const limit =
      graceMs === Infinity
        ? null
        : currentClock()
            .sleep(graceMs, undefined)
            .onDone((sleep) => {
              if (sleep.isCancelled) return;
              const reason = externalCancellation(`${this.#describe()} is closed`);
              for (const { current } of this.#active) current?.cancel(reason);
            });
    for (const worker of this.#workers)
      try {
        yield* worker;
      } catch (error) {
        if (!worker.isDone) throw error;
      }
    limit?.cancel();
  }

  #removeAll(how: string): void {
    const left = [...this.#jobs.values()].filter(({ state }) => state !== 'active' && state !== 'ended');
    for (const job of left) this.#remove(job, how);
  }

  /** It leaves the queue. The line passes over it when its turn comes. */
  #remove(job: MemoryJob, how: string): void {
    if (job.state === 'active' || job.state === 'ended') return;
    if (job.state === 'waiting') this.#waitingCount--;
    this.#delayed.delete(job);
    this.#waitingChildren.delete(job);
    job.sleep?.cancel();
    this.#end(job, FAILED, this.#removed(job, how), asker());
  }

  #removed(job: MemoryJob, how: string): Error {
    const Failure = how === CLOSED ? QueueClosed : JobRemoved;
    return new Failure(`${job.describe()} was removed before it was done: the queue ${how}`);
  }

  #checkOpen(call: string): void {
    if (this.#closing !== null)
      throw new QueueClosed(`${this.#describe()} is closed; ${call}() needs an open queue`);
  }

  #describe(): string {
    return describeResource('job queue', this.queueName);
  }
}
