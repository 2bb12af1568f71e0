/** What a job queue can be told, and the checks of it. Times are in ms. */
import { describeValue } from '../tasks/core/describe-value.ts';
import type { Future } from '../tasks/core/future.ts';
import { checkMs, checkOptions, checkText } from '../tasks/core/options.ts';
import type { Coroutine } from '../tasks/core/task.ts';

/** Where Redis is. */
export interface RedisConnection {
  /** Without it 127.0.0.1. */
  readonly host?: string;
  /** Without it 6379. */
  readonly port?: number;
  /** Of an access list of Redis 6 or newer. */
  readonly username?: string;
  /** It is in no message. */
  readonly password?: string;
  /** The number of the database; without it 0. */
  readonly db?: number;
  /** Options of `tls.connect`; without it the connection is not encrypted. */
  readonly tls?: object;
}

/** How a job queue is made. */
export interface JobQueueOptions {
  /**
   * Where Redis is, also as `redis://user:password@host:port/db` (`rediss:` with TLS). Without it
   * the jobs stay in this process.
   */
  readonly connection?: string | RedisConnection;
  /** What the keys in Redis begin with; without it `bull`, as of BullMQ. */
  readonly prefix?: string;
  /**
   * Called with what goes wrong beside any call: Redis cannot be reached, a lock was lost. Without
   * it a warning is told. Each loss of the connection is told once.
   */
  readonly onError?: (error: Error) => void;
}

/** How long a job waits after an attempt that failed. */
export interface Backoff {
  /** `exponential`: the delay doubles after each attempt. */
  readonly type: 'fixed' | 'exponential';
  /** After the first attempt, ms. */
  readonly delay: number;
}

/** How a job is done. */
export interface JobOptions {
  /** How often it is tried at most, the first time included; without it 1. */
  readonly attempts?: number;
  /** ms between an attempt that failed and the next, or more about it; without it 0. */
  readonly backoff?: number | Backoff;
  /** ms before it may begin. */
  readonly delay?: number;
  /** From 0 (without it, first) to 2 097 151 (last); equal ones in the order in which they came. */
  readonly priority?: number;
  /**
   * A name of the caller's that no other job of the queue has: a second job of the name is not
   * added while the queue knows the first. Without it the queue gives one. No `:`, not only digits.
   */
  readonly id?: string;
}

/** A job to add. */
export interface NewJob<Data> {
  /** What sort of job it is; the handler is given it. */
  readonly name: string;
  /** Through Redis it has to be JSON. */
  readonly data: Data;
  /** How it is done. */
  readonly options?: JobOptions;
}

/** A job that comes again and again. */
export interface RepeatOptions {
  /** ms from one to the next; the first comes at once. */
  readonly every: number;
  /** How many come in all; without it they go on until `stopRepeating`. */
  readonly limit?: number;
}

/** How many jobs may begin in a stretch of time, over all workers of the queue. */
export interface RateLimit {
  /** So many at most … */
  readonly max: number;
  /** … in so many ms, from the first of them on. */
  readonly per: number;
}

/** How jobs are done here. */
export interface ProcessOptions {
  /** How many at once; without it 1. */
  readonly concurrency?: number;
  /** How many may begin in a stretch of time; without it as many as come. */
  readonly limit?: RateLimit;
}

/** How a queue is closed. */
export interface CloseOptions {
  /** ms that jobs under way have left; then they are cancelled. Without it as long as it takes. */
  readonly grace?: number;
}

/** A handler that a module exports, to run in threads or processes of a pool. */
export interface HandlerModule {
  /** As `new URL('./handlers.js', import.meta.url)`, or the absolute path of its file. */
  readonly module: URL | string;
  /** The name of the export; without it `default`. */
  readonly export?: string;
  /** Without it `threads`. */
  readonly kind?: 'threads' | 'processes';
}

/** A job as its handler is given it. */
export interface ActiveJob<Data = unknown> {
  /** What no other job of the queue has. */
  readonly id: string;
  /** As it was added. */
  readonly name: string;
  /** As it was added; through Redis as JSON has it. */
  readonly data: Data;
  /** 1 the first time, 2 the second, … */
  readonly attempt: number;
  /** Aborted when the attempt is cancelled. In another thread or process it never is: that ends. */
  readonly signal: AbortSignal;
  /** Tells how far it is; in JSON. */
  progress(value: unknown): Future<void>;
  /** The results of its children, by `queue:id`. */
  childResults(): Future<Readonly<Record<string, unknown>>>;
}

/** What does a job: an async function, an ordinary one, or a coroutine (`function*`). */
export type JobHandler<Data, Result> = (
  job: ActiveJob<Data>,
) => Result | PromiseLike<Result> | Coroutine<Result>;

/** How many jobs of a queue are in which state. */
export interface JobCounts {
  /** They could begin. */
  readonly waiting: number;
  /** Their time has not come, or an attempt has failed and the next has not. */
  readonly delayed: number;
  /** They are being done. */
  readonly active: number;
  /** Children of theirs are not done. */
  readonly waitingChildren: number;
}

const JOB_OPTIONS = ['attempts', 'backoff', 'delay', 'priority', 'id'];
const MAX_PRIORITY = 2_097_151;

/** What was left out is filled in. */
export interface CheckedJob {
  readonly name: string;
  readonly data: unknown;
  readonly attempts: number;
  readonly backoff: Backoff;
  readonly delay: number;
  readonly priority: number;
  readonly id: string | undefined;
}

/** @throws TypeError or RangeError at once, naming the option. */
export function checkJob(api: string, name: unknown, data: unknown, options: JobOptions = {}): CheckedJob {
  if (typeof name !== 'string' || name === '')
    throw new TypeError(`${api} needs a name for the job, not ${describeValue(name)}`);
  checkOptions(api, options, JOB_OPTIONS);
  const { attempts = 1, backoff = 0, delay = 0, priority = 0, id } = options;
  checkWhole(attempts, `the attempts of ${api}`, 1);
  checkWhole(priority, `the priority of ${api}`, 0);
  if (priority > MAX_PRIORITY)
    throw new RangeError(`the priority of ${api} is at most ${MAX_PRIORITY}, not ${priority}`);
  checkFinite(delay, `the delay of ${api}`);
  checkText(`the id of ${api}`, id);
  if (id !== undefined && (/^\d*$/.test(id) || id.includes(':')))
    throw new RangeError(`the id of ${api} must have a letter and no ":", not ${describeValue(id)}`);
  return { name, data, attempts, backoff: checkBackoff(api, backoff), delay, priority, id };
}

function checkBackoff(api: string, backoff: unknown): Backoff {
  if (typeof backoff === 'number') {
    checkFinite(backoff, `the backoff of ${api}`);
    return { type: 'fixed', delay: backoff };
  }
  checkOptions(`the backoff of ${api}`, backoff, ['type', 'delay']);
  const { type, delay } = backoff as Backoff;
  if (type !== 'fixed' && type !== 'exponential')
    throw new TypeError(
      `the type of the backoff of ${api} must be "fixed" or "exponential", not ${describeValue(type)}`,
    );
  checkFinite(delay, `the delay of the backoff of ${api}`);
  return { type, delay };
}

/** How long a job waits after this attempt, ms. */
export function backoffMs({ type, delay }: Backoff, attempt: number): number {
  return type === 'fixed' ? delay : Math.round(delay * 2 ** (attempt - 1));
}

/** @throws TypeError or RangeError at once, naming the option. */
export function checkProcessOptions(options: ProcessOptions): Required<Omit<ProcessOptions, 'limit'>> & {
  readonly limit: RateLimit | null;
} {
  checkOptions('process()', options, ['concurrency', 'limit']);
  const { concurrency = 1, limit } = options;
  checkWhole(concurrency, 'the concurrency of process()', 1);
  if (limit === undefined) return { concurrency, limit: null };
  checkOptions('the limit of process()', limit, ['max', 'per']);
  checkWhole(limit.max, 'the max of the limit of process()', 1);
  checkWhole(limit.per, 'the per of the limit of process()', 1);
  return { concurrency, limit };
}

/** @throws TypeError or RangeError at once, naming the option. */
export function checkRepeatOptions(options: RepeatOptions): RepeatOptions {
  checkOptions('repeat()', options, ['every', 'limit']);
  checkWhole(options.every, 'the every of repeat()', 1);
  if (options.limit !== undefined) checkWhole(options.limit, 'the limit of repeat()', 1);
  return options;
}

/** @throws TypeError or RangeError at once, naming the option. */
export function checkCloseOptions(options: CloseOptions): number {
  checkOptions('close()', options, ['grace']);
  const { grace = Infinity } = options;
  checkMs('the grace of close()', grace);
  return grace;
}

function checkWhole(value: unknown, label: string, min: number): void {
  if (!(Number.isSafeInteger(value) && (value as number) >= min))
    throw new RangeError(`${label} must be a whole number from ${min} up, not ${describeValue(value)}`);
}

function checkFinite(ms: unknown, label: string): void {
  checkMs(label, ms);
  if (ms === Infinity) throw new RangeError(`${label} must end`);
}
