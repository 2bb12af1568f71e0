/**
 * Jobs through Redis, by BullMQ: this file says in BullMQ's words what a job queue was asked for,
 * and keeps, delays and hands out nothing itself. The package is loaded with the first queue that
 * has a connection. Whoever waits for a result is told by the queue's stream of events.
 */
import type * as BullMq from 'bullmq';
import { QueueClosed } from '../sync/errors.ts';
import { describeResource } from '../sync/resource.ts';
import { promiseFutureOf } from '../tasks/core/promise-future.ts';
import type { Future } from '../tasks/core/future.ts';
import type { AddedJob } from './added-job.ts';
import type { CheckedFlow, JobEngine, WorkerSettings } from './engine.ts';
import { JobConnectionError } from './errors.ts';
import type { CheckedJob, JobCounts, RepeatOptions } from './job-options.ts';
import { callSite, giveSite } from './job-trace.ts';
import { connectionTrouble, type RedisAddress } from './redis-address.ts';
import { RedisJob, type RedisResults } from './redis-job.ts';

/** Jobs that Redis keeps after their end, for those who ask for their results. */
const KEPT = { removeOnComplete: { count: 1000 }, removeOnFail: { count: 5000 } } as const;

/** Events are named after the clock of Redis, which may be so far behind ours. */
const REREAD_MS = 60_000;
/** Before the events are read again. */
const RESTART_MS = 200;

/** Somebody waits for the result of a job. */
interface ResultWait {
  readonly id: string;
  /** Settled with the wait. */
  readonly ended: Promise<unknown>;
  reject(error: Error): void;
}

interface Parts {
  readonly bullMq: typeof BullMq;
  readonly queue: BullMq.Queue;
}

export class RedisEngine implements JobEngine {
  readonly queueName: string;
  readonly #address: RedisAddress;
  readonly #prefix: string;
  readonly #onError: (error: Error) => void;
  readonly #parts: Promise<Parts>;
  #events: Promise<BullMq.QueueEvents> | null = null;
  #flows: BullMq.FlowProducer | null = null;
  #worker: BullMq.Worker | null = null;
  #workerEnds: (() => void)[] = [];
  #closing: Future<void> | null = null;
  /** The loss of the connection was told, and no command has come through since. */
  #isTold = false;
  /** Fails when nothing can come of any command any more. */
  readonly #over: Promise<never>;
  #endAll: (error: Error) => void = () => {};
  /** Waits for results, each with what ends it. */
  readonly #waiting = new Set<ResultWait>();

  constructor(queueName: string, address: RedisAddress, prefix: string, onError: (error: Error) => void) {
    this.queueName = queueName;
    this.#address = address;
    this.#prefix = prefix;
    this.#onError = onError;
    this.#over = new Promise((_, reject) => {
      this.#endAll = reject;
    });
    this.#over.catch(() => {});
    this.#parts = this.#load();
    this.#parts.catch((error: unknown) => {
      this.#endAll(error as Error);
      this.#onError(error as Error);
    });
  }

  async #load(): Promise<Parts> {
    const bullMq = await importBullMq(this.#describe());
    const queue = new bullMq.Queue(this.queueName, {
      ...this.#base,
      defaultJobOptions: KEPT,
    });
    this.#watch(queue);
    // Each wait for a result listens to it.
    queue.setMaxListeners(0);
    return { bullMq, queue };
  }

  get #base(): { connection: RedisAddress['options']; prefix: string } {
    return { connection: { ...this.#address.options }, prefix: this.#prefix };
  }

  #watch(part: { on(name: 'error', listener: (error: Error) => void): unknown }): void {
    part.on('error', (error) => this.#report(error));
  }

  /** Each loss of the connection is told once, and what cannot be helped ends all that waits. */
  #report(error: Error): void {
    if (this.#closing !== null) return;
    const trouble = connectionTrouble(error, this.queueName, this.#address);
    if (trouble === null) {
      this.#onError(error);
      return;
    }
    if (trouble.isFinal) this.#endAll(trouble.error);
    if (this.#isTold) return;
    this.#isTold = true;
    this.#onError(trouble.error);
    if (trouble.isFinal) void this.#shut(true);
  }

  /** A command of BullMQ's as a future. */
  #command<T>(call: string, run: (parts: Parts) => Promise<T>): Future<T> {
    if (this.#closing !== null)
      throw new QueueClosed(`${this.#describe()} is closed; ${call}() needs an open queue`);
    return this.#guarded(async () => {
      const value = await run(await this.#parts);
      this.#isTold = false;
      return value;
    });
  }

  #guarded<T>(run: () => Promise<T>): Future<T> {
    const ended = Promise.race([run(), this.#over]).catch((error: unknown) => {
      throw connectionTrouble(error, this.queueName, this.#address)?.error ?? error;
    });
    return promiseFutureOf(ended) as Future<T>;
  }

  add(jobs: readonly CheckedJob[]): Future<AddedJob[]> {
    const site = callSite();
    return this.#command('add', async ({ queue }) => {
      const [first] = jobs;
      giveSite(site);
      if (jobs.length === 1 && first !== undefined)
        return [this.#job(await queue.add(first.name, first.data, optionsOf(first)))];
      const added = await queue.addBulk(
        jobs.map((job) => ({ name: job.name, data: job.data, opts: optionsOf(job) })),
      );
      return added.map((job) => this.#job(job));
    });
  }

  addFlow(flow: CheckedFlow): Future<AddedJob> {
    const site = callSite();
    return this.#command('addFlow', async ({ bullMq }) => {
      if (this.#flows === null) this.#watch((this.#flows = new bullMq.FlowProducer(this.#base)));
      giveSite(site);
      const { job } = await this.#flows.add(flowOf(flow, false) as BullMq.FlowJob);
      return this.#job(job);
    });
  }

  #job(job: BullMq.Job): RedisJob {
    return new RedisJob(job, this.#results);
  }

  readonly #results: RedisResults = {
    wait: (id, run) =>
      this.#guarded(() => {
        let reject: (error: Error) => void = () => {};
        const ended = new Promise((resolve, fail) => {
          reject = fail;
          void this.#startEvents().then(run).then(resolve, fail);
        });
        const wait = { id, ended, reject };
        const forget = (): void => void this.#waiting.delete(wait);
        this.#waiting.add(wait);
        ended.then(forget, forget);
        return ended;
      }),
    listen: (id, listener) =>
      void this.#startEvents().then(
        (events) =>
          events.on('progress', ({ jobId, data }) => {
            if (jobId === id) listener(data);
          }),
        () => {},
      ),
  };

  /**
   * From a while ago: with BullMQ's own beginning, "what comes from now on", an event is missed
   * that comes between the look at a job and the first read.
   */
  #startEvents(): Promise<BullMq.QueueEvents> {
    this.#events ??= this.#parts.then(async ({ bullMq }) => {
      const lastEventId = `${Date.now() - REREAD_MS}-0`;
      const events = new bullMq.QueueEvents(this.queueName, { ...this.#base, lastEventId });
      events.setMaxListeners(0);
      this.#watch(events);
      events.on('error', () => this.#restart(events));
      await events.waitUntilReady();
      return events;
    });
    return this.#events;
  }

  /**
   * BullMQ's reading of events ends for good with an answer of Redis that is no loss of the
   * connection: "LOADING", say, while it comes back. Read from the beginning again, no event that
   * came meanwhile is missed.
   */
  #restart(events: BullMq.QueueEvents): void {
    if (this.#closing !== null || (events as unknown as { running: boolean }).running) return;
    setTimeout(() => {
      if (this.#closing !== null || (events as unknown as { running: boolean }).running) return;
      events.run().catch((error: unknown) => events.emit('error', error as Error));
    }, RESTART_MS);
  }

  repeat(id: string, job: CheckedJob, { every, limit }: RepeatOptions): Future<void> {
    return this.#command('repeat', async ({ queue }) => {
      const { attempts, backoff, priority } = job;
      await queue.upsertJobScheduler(
        id,
        { every, ...(limit === undefined ? {} : { limit }) },
        { name: job.name, data: job.data, opts: { attempts, backoff, priority, ...KEPT } },
      );
    });
  }

  stopRepeating(id: string): Future<boolean> {
    return this.#command('stopRepeating', ({ queue }) => queue.removeJobScheduler(id));
  }

  work({ concurrency, limit, start }: WorkerSettings): void {
    void this.#parts.then(
      ({ bullMq }) => {
        if (this.#closing !== null) return;
        this.#worker = new bullMq.Worker(
          this.queueName,
          // BullMQ counts the parameters: a processor with three is given a signal.
          (job, _token, signal) => this.#attempt(job, start, signal),
          {
            ...this.#base,
            concurrency,
            ...(limit === null ? {} : { limiter: { max: limit.max, duration: limit.per } }),
            ...KEPT,
          },
        );
        this.#watch(this.#worker);
      },
      () => {},
    );
  }

  #attempt(job: BullMq.Job, start: WorkerSettings['start'], signal?: AbortSignal): Promise<unknown> {
    const attempt = start({
      id: job.id!,
      name: job.name,
      data: job.data as unknown,
      attempt: job.attemptsMade + 1,
      resource: 0,
      progress: (value) => promiseFutureOf(job.updateProgress(value as object)) as Future<void>,
      childResults: () =>
        promiseFutureOf(job.getChildrenValues().then((values) => this.#withoutPrefix(values))) as Future<
          Record<string, unknown>
        >,
    });
    const cancel = (): void => void attempt.cancel(signal!.reason);
    signal?.addEventListener('abort', cancel, { once: true });
    const end = (): void => void attempt.cancel(`${this.#describe()} is closed`);
    this.#workerEnds.push(end);
    return new Promise((resolve, reject) => {
      attempt
        .finally(() => {
          signal?.removeEventListener('abort', cancel);
          this.#workerEnds = this.#workerEnds.filter((other) => other !== end);
        })
        .then(resolve, reject);
    });
  }

  /** `bull:words:7` as `words:7`. */
  #withoutPrefix(values: Record<string, unknown> = {}): Record<string, unknown> {
    const { length } = `${this.#prefix}:`;
    return Object.fromEntries(Object.entries(values).map(([key, value]) => [key.slice(length), value]));
  }

  pause(): Future<void> {
    const site = callSite();
    return this.#command('pause', ({ queue }) => {
      giveSite(site);
      return queue.pause();
    });
  }

  resume(): Future<void> {
    const site = callSite();
    return this.#command('resume', ({ queue }) => {
      giveSite(site);
      return queue.resume();
    });
  }

  drain(): Future<void> {
    return this.#command('drain', async ({ queue }) => {
      await queue.drain(true);
      // BullMQ tells nobody that waits for one of them.
      for (const { id, reject } of this.#waiting)
        if ((await queue.getJob(id)) === undefined) reject(RedisJob.removed(id, this.queueName));
    });
  }

  counts(): Future<JobCounts> {
    return this.#command('counts', async ({ queue }) => {
      const counts = await queue.getJobCounts();
      const sum = (...names: string[]): number =>
        names.reduce((total, name) => total + (counts[name] ?? 0), 0);
      return {
        waiting: sum('waiting', 'wait', 'paused', 'prioritized'),
        delayed: sum('delayed'),
        active: sum('active'),
        waitingChildren: sum('waiting-children'),
      };
    });
  }

  close(graceMs: number): Future<void> {
    this.#closing ??= promiseFutureOf(this.#close(graceMs)) as Future<void>;
    return this.#closing;
  }

  async #close(graceMs: number): Promise<void> {
    const limit =
      graceMs === Infinity
        ? null
        : setTimeout(() => {
            for (const end of this.#workerEnds) end();
          }, graceMs);
    try {
      await this.#shut(false);
    } finally {
      if (limit !== null) clearTimeout(limit);
    }
  }

  /** @param isOver nothing can come of any connection. */
  async #shut(isOver: boolean): Promise<void> {
    // At once: what is under way now is the last.
    await this.#worker?.close(isOver);
    const [parts, events] = await Promise.allSettled([this.#parts, this.#events]);
    await this.#endWaits(isOver || parts.status === 'rejected' ? null : parts.value.queue);
    if (events.status === 'fulfilled') await events.value?.close();
    await this.#flows?.close();
    if (parts.status === 'fulfilled') await parts.value.queue.close();
    this.#endAll(
      new JobConnectionError(
        `${this.#describe()} was closed before Redis at ${this.#address.shown} had answered`,
      ),
    );
  }

  /** The news of a job that has ended may be on its way; other jobs go on without us. */
  async #endWaits(queue: BullMq.Queue | null): Promise<void> {
    const closed = new QueueClosed(`${this.#describe()} was closed; the job stays in Redis`);
    for (const { id, ended, reject } of [...this.#waiting]) {
      const job = this.#isTold ? undefined : await queue?.getJob(id);
      if (job?.finishedOn === undefined) reject(closed);
      else await Promise.race([ended, this.#over]).catch(() => {});
    }
  }

  #describe(): string {
    return describeResource('job queue', this.queueName);
  }
}

async function importBullMq(queue: string): Promise<typeof BullMq> {
  try {
    return await import('bullmq');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error(
      `${queue} has a connection and needs the packages bullmq and ioredis: npm install bullmq ioredis`,
      {
        cause: error,
      },
    );
  }
}

function optionsOf({ attempts, backoff, delay, priority, id }: CheckedJob): BullMq.JobsOptions {
  return { attempts, backoff, delay, priority, ...(id === undefined ? {} : { jobId: id }) };
}

/** @param isChild its failure fails the parent. */
function flowOf({ job, engine, children }: CheckedFlow, isChild: boolean): object {
  return {
    name: job.name,
    queueName: engine.queueName,
    data: job.data,
    opts: { ...optionsOf(job), ...KEPT, ...(isChild ? { failParentOnFailure: true } : {}) },
    ...(children.length === 0 ? {} : { children: children.map((child) => flowOf(child, true)) }),
  };
}
