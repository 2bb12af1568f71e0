/**
 * A queue of jobs: the front door. It checks what it is given, and says at the call what is wrong
 * with it; one of two engines does the work.
 */
import { isAsyncGeneratorFunction } from '../tasks/core/generators.ts';
import { describeValue, quoteName } from '../tasks/core/describe-value.ts';
import type { Future } from '../tasks/core/future.ts';
import { checkOptions, checkText } from '../tasks/core/options.ts';
import { spawn } from '../tasks/core/spawn.ts';
import { warnThrown } from '../tasks/core/unhandled.ts';
import { onSignal } from '../tasks/run/signals.ts';
import type { AddedJob } from './added-job.ts';
import type { CheckedFlow, JobEngine } from './engine.ts';
import {
  checkCloseOptions,
  checkJob,
  checkProcessOptions,
  checkRepeatOptions,
  type CloseOptions,
  type HandlerModule,
  type JobCounts,
  type JobHandler,
  type JobOptions,
  type JobQueueOptions,
  type NewJob,
  type ProcessOptions,
  type RepeatOptions,
} from './job-options.ts';
import { MemoryEngine } from './memory-engine.ts';
import { readAddress } from './redis-address.ts';
import { RedisEngine } from './redis-engine.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';
import { attemptsWith } from './start-attempt.ts';

/** A job with the jobs that have to be done before it. */
export interface FlowJob<Data = unknown> extends NewJob<Data> {
  /** The queue that it goes to, of the same Redis; without it that of its parent. */
  readonly queue?: JobQueue<never, unknown>;
  /** Done first, side by side. When one fails in all its attempts, this job fails. */
  readonly children?: readonly FlowJob[];
}

/**
 * Jobs that are asked for here and done elsewhere or later: tried again when they fail, delayed, by
 * priority, so many at once, so many in a stretch of time. Without a connection they stay in this
 * process, take the clock of its run and end with it; with one they are in Redis, and any process
 * may do them. After BullMQ's Queue, Worker and FlowProducer.
 *
 * In this process a job's data and result are the objects themselves, and jobs that wait are
 * lost with the process. Through Redis both are JSON, an error comes back with its message and its
 * stack, and the last 1000 jobs that are done and 5000 that failed are kept. A job that was handed
 * out just when Redis or its worker was gone is taken over by BullMQ within a minute.
 *
 * @example
 * const words = new JobQueue('words');
 * words.process(async ({ data, attempt }) => {
 *   if (attempt === 1) throw new Error('try again');
 *   return data.text.split(' ').length;
 * });
 * const job = await words.add('count', { text: 'to be or not' }, { attempts: 3, backoff: 5 });
 * await job.result(); // → 4
 * await words.close();
 */
export class JobQueue<Data = unknown, Result = unknown> implements AsyncDisposable {
  /** As given. */
  readonly name: string;
  readonly #engine: JobEngine;
  #sandbox: Sandbox | null = null;
  #isProcessed = false;
  #closing: Future<void> | null = null;

  /**
   * @param name of the queue; no `:`.
   * @throws TypeError or RangeError at once, naming what is wrong. A Redis that cannot be reached
   *   is no error of the call: see `onError`.
   */
  constructor(name: string, options: JobQueueOptions = {}) {
    if (typeof name !== 'string' || name === '' || name.includes(':'))
      throw new TypeError(`a JobQueue needs a name without ":", not ${describeValue(name)}`);
    checkOptions('JobQueue', options, ['connection', 'prefix', 'onError']);
    const { connection, prefix = 'bull', onError = warn } = options;
    checkText('the prefix of a JobQueue', prefix);
    if (typeof onError !== 'function')
      throw new TypeError(`JobQueue needs a function for onError, not ${describeValue(onError)}`);
    this.name = name;
    this.#engine =
      connection === undefined
        ? new MemoryEngine(name)
        : new RedisEngine(name, readAddress(connection), prefix, (error) => {
            try {
              onError(error);
            } catch (thrown) {
              warnThrown(`the onError of job queue ${quoteName(name)} threw`, thrown);
            }
          });
  }

  /**
   * Adds a job. Once this is done the job is in the queue; through Redis it waits for the
   * connection as long as it takes.
   * @throws TypeError or RangeError at once, naming the option; QueueClosed at once; (fails) with
   *   JobConnectionError when Redis refuses the password.
   */
  add(name: string, data: Data, options?: JobOptions): Future<AddedJob<Result>> {
    const job = checkJob('add()', name, data, options);
    return this.#engine.add([job]).then(([added]) => added) as Future<AddedJob<Result>>;
  }

  /** Adds many jobs at once, in their order: all of them or none. @throws as `add`. */
  addBulk(jobs: readonly NewJob<Data>[]): Future<AddedJob<Result>[]> {
    if (!Array.isArray(jobs)) throw new TypeError(`addBulk() needs a list, not ${describeValue(jobs)}`);
    const checked = (jobs as NewJob<Data>[]).map((job) => {
      checkOptions('a job of addBulk()', job, ['name', 'data', 'options']);
      return checkJob('addBulk()', job.name, job.data, job.options);
    });
    return this.#engine.add(checked) as Future<AddedJob<Result>[]>;
  }

  /**
   * Adds a job with the jobs that come before it: it begins when all its children are done, and
   * has their results as `childResults`. When a child fails in all its attempts, it fails with
   * JobFailed. @throws as `add`.
   */
  addFlow(job: FlowJob): Future<AddedJob<Result>> {
    return this.#engine.addFlow(this.#checkFlow(job)) as Future<AddedJob<Result>>;
  }

  #checkFlow(given: FlowJob): CheckedFlow {
    checkOptions('a job of addFlow()', given, ['name', 'data', 'options', 'queue', 'children']);
    const { queue = this as JobQueue<never, unknown>, children = [] } = given;
    if (!(queue instanceof JobQueue))
      throw new TypeError(`addFlow() needs a JobQueue for queue, not ${describeValue(queue)}`);
    const engine = (queue as JobQueue).#engine;
    if (engine.constructor !== this.#engine.constructor)
      throw new TypeError('the queues of addFlow() must all have a connection, or none of them');
    return {
      job: checkJob('addFlow()', given.name, given.data, given.options),
      engine,
      children: children.map((child) => (queue as JobQueue).#checkFlow(child)),
    };
  }

  /**
   * Adds a job again and again, the first time at once; in place of what was repeated under this id
   * before. The next one is added when the one before it begins, so they do not pile up.
   * @throws as `add`.
   */
  repeat(id: string, job: NewJob<Data>, options: RepeatOptions): Future<void> {
    checkRepeatId('repeat', id);
    checkOptions('a job of repeat()', job, ['name', 'data', 'options']);
    const checked = checkJob('repeat()', job.name, job.data, job.options);
    return this.#engine.repeat(id, checked, checkRepeatOptions(options));
  }

  /** No further job of this `repeat` comes. @returns whether there was one. */
  stopRepeating(id: string): Future<boolean> {
    checkRepeatId('stopRepeating', id);
    return this.#engine.stopRepeating(id);
  }

  /**
   * Does the jobs of the queue here, from now on. The handler is called once an attempt; what it
   * throws ends the attempt. A handler of a module runs in threads or processes of a pool, which
   * end with the queue.
   * @throws TypeError or RangeError at once, naming what is wrong; Error when the queue is done
   *   here already.
   */
  process(handler: JobHandler<Data, Result> | HandlerModule, options: ProcessOptions = {}): void {
    const settings = checkProcessOptions(options);
    const isFunction = typeof handler === 'function';
    if (isFunction ? isAsyncGeneratorFunction(handler) : typeof handler !== 'object' || handler === null)
      throw new TypeError(`process() needs a function or a module, not ${describeValue(handler)}`);
    if (this.#isProcessed) throw new Error(`${this.#describe()} is processed here already`);
    this.#sandbox = isFunction
      ? null
      : createSandbox(handler as HandlerModule, settings.concurrency, this.name);
    const call = this.#sandbox?.handler ?? (handler as JobHandler<never, unknown>);
    this.#engine.work({ ...settings, start: attemptsWith(call) });
    this.#isProcessed = true;
  }

  /** No further job begins, in no process, until `resume`. What is under way goes on. */
  pause(): Future<void> {
    return this.#engine.pause();
  }

  /** Jobs begin again. */
  resume(): Future<void> {
    return this.#engine.resume();
  }

  /** Takes out all jobs that have not begun: their results fail with JobRemoved. */
  drain(): Future<void> {
    return this.#engine.drain();
  }

  /** How many jobs are in which state. */
  counts(): Future<JobCounts> {
    return this.#engine.counts();
  }

  /**
   * Closes the queue here: it takes no jobs any more, waits for those under way, and ends its
   * connections. Jobs that have not begun stay in Redis; in this process they are lost, and their
   * results fail with QueueClosed. Closing twice is no error.
   */
  close(options: CloseOptions = {}): Future<void> {
    const graceMs = checkCloseOptions(options);
    if (this.#closing !== null) return this.#closing;
    const ended = this.#engine.close(graceMs);
    const sandbox = this.#sandbox;
    this.#closing =
      sandbox === null
        ? ended
        : spawn(
            function* () {
              yield* ended;
              yield* sandbox.close();
            },
            { name: `close ${this.name}` },
          );
    return this.#closing;
  }

  /**
   * Closes the queue when one of these signals comes; then the signal does what it does without it.
   * @returns what ends that. @throws as `onSignal`.
   */
  closeOn(signals: NodeJS.Signals | readonly NodeJS.Signals[], options: CloseOptions = {}): () => void {
    checkCloseOptions(options);
    const offs = [signals].flat().map((signal) =>
      onSignal(signal, () => {
        off();
        const closing = this.close(options);
        closing.markHandled();
        closing.onDone(() => process.kill(process.pid, signal));
      }),
    );
    const off = (): void => {
      for (const each of offs) each();
    };
    return off;
  }

  /** At the end of the block of an `await using`: `close`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #describe(): string {
    return `job queue ${quoteName(this.name)}`;
  }

  /** @internal What `console.log` shows of it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    const where = this.#engine instanceof MemoryEngine ? 'in this process' : 'in Redis';
    return `JobQueue ${quoteName(this.name)} (${where}${this.#closing === null ? '' : ', closed'})`;
  }
}

function checkRepeatId(call: string, id: unknown): void {
  if (typeof id !== 'string' || id === '' || id.includes(':'))
    throw new TypeError(`${call}() needs an id without ":", not ${describeValue(id)}`);
}

function warn(error: Error): void {
  process.emitWarning(error.message, 'SimulWarning', 'SIMUL_JOBS');
}
