/**
 * A function that runs by itself in a thread or a process of its own: begun once, waited for by `join`. It keeps this process alive while it
 * runs, and its end is the future's: the function's result or error, wherever it was thrown. After threading.Thread and multiprocessing.Process.
 */
import { TimeoutError } from '../tasks/core/errors.ts';
import { beginResource } from '../sync/resource.ts';
import { DONE, FAILED, STATE } from '../tasks/core/future-state.ts';
import { Future } from '../tasks/core/future.ts';
import { checkOptions, checkText } from '../tasks/core/options.ts';
import { describeValue } from '../tasks/core/describe-value.ts';
import { builtIns, bridge, recorder, traced } from '../tasks/core/trace.ts';
import { KIND, REASON } from '../trace/format/kinds.ts';
import { WorkerError } from './errors.ts';
import { refuseWhileImporting } from './functions/in-worker.ts';
import {
  type AnyFunction,
  type FunctionName,
  nameFunction,
  type ReturnOf,
} from './functions/name-function.ts';
import { type WorkerExit, type WorkerHandle, startProcess, startThread } from './transport/worker-handle.ts';
import { type FromWorker, isBatch } from './transport/messages.ts';
import { sharedArguments } from './shared/shared-lock.ts';
import { notTransferable } from './transport/not-transferable.ts';
import { recordLink } from './worker/trace-calls.ts';
import { type CarriedError, checkArguments, errorFrom } from './transport/cloneable.ts';

/** What a Thread or a Process is called with. */
export interface BodyOptions<A extends readonly unknown[] = readonly unknown[]> {
  /** What the function is called with. Cloned; typed arrays over shared memory, SharedLock and SharedCounter are shared by threads. */
  readonly args?: A;
  /** How the trace and messages call it. Without it: the function's name. */
  readonly name?: string;
}

const WAITS_FOR_JOIN = REASON.join;

export abstract class Body<T> {
  /** As given, or its function's name. */
  readonly name: string;
  readonly #kind: 'thread' | 'process';
  readonly #fn: FunctionName;
  readonly #args: readonly unknown[];
  readonly #ended: Ended<T>;
  readonly #id: number;
  #handle: WorkerHandle | null = null;
  /** Of the link to it; of a thread's, the id of its activation too. */
  #token = 0;
  /** Traced: the task that started it. */
  #starter = 0;
  #answer: { readonly ended: boolean; readonly value: unknown } | null = null;
  #exitCode: number | null = null;
  #terminated = false;
  #over = false;

  constructor(kind: 'thread' | 'process', fn: AnyFunction, options: BodyOptions) {
    const who = kind === 'thread' ? 'Thread' : 'Process';
    refuseWhileImporting(`a ${who}`);
    checkOptions(who, options, ['args', 'name']);
    checkText(`the name of a ${who}`, options.name);
    const args = options.args ?? [];
    if (!Array.isArray(args)) throw new TypeError(`${who} needs an array for args, not ${typeof args}`);
    this.#kind = kind;
    this.#fn = nameFunction(fn, who);
    this.name = options.name ?? (fn.name || kind);
    checkArguments(args, who, kind === 'thread');
    this.#args = sharedArguments(args);
    this.#id = beginResource(kind, this.name, Infinity);
    this.#ended = new Ended<T>(this.#id, `${kind} "${this.name}"`);
  }

  /** Begins it. @returns itself. @throws Error when it was started before. */
  start(): this {
    if (this.#handle !== null)
      throw new Error(`${this.#described()} was started already; it can be started only once`);
    const token = traced ? recorder.nextId() : 0;
    this.#token = token;
    if (traced) {
      this.#starter = bridge.currentId();
      recordLink('send', 'spawn', this.#starter, token, process.pid, this.#id);
    }
    const start = this.#kind === 'thread' ? startThread : startProcess;
    this.#handle = start(
      {
        kind: 'body',
        name: this.name,
        fn: this.#fn,
        args: this.#args,
        resource: this.#id,
        token,
        claims: null,
        pid: process.pid,
      },
      {
        message: (message) => this.#message(message),
        exited: (how) => this.#exited(how),
        isBusy: () => true,
      },
    );
    this.#handle.ref(true);
    return this;
  }

  /** Whether it was started and has not ended. */
  get isAlive(): boolean {
    return this.#handle !== null && !this.#over;
  }

  /** null while it runs, and of a process that a signal ended; 0 after a good end, 1 after an error. */
  get exitCode(): number | null {
    return this.#exitCode;
  }

  /** Of a process that runs or ran. */
  get pid(): number | undefined {
    return this.#handle?.pid;
  }

  /**
   * Waits for its end, and gives what its function returned. Cancelling the wait leaves it running.
   * @param options `timeout` in ms: from then on the wait fails with TimeoutError.
   * @throws (fails with) the function's error; WorkerError when it was ended from outside. @throws Error at once when it was never started.
   */
  join(options: { readonly timeout?: number } = {}): Future<T> {
    if (this.#handle === null)
      throw new Error(`${this.#described()} was never started; join() needs one that was`);
    checkOptions('join()', options, ['timeout']);
    const { timeout } = options;
    if (timeout !== undefined && !(typeof timeout === 'number' && timeout >= 0))
      throw new RangeError(
        `join() needs a number of ms from 0 up for timeout, not ${describeValue(timeout)}`,
      );
    const joining = new Ended<T>(this.#id, `the join of ${this.#described()}`);
    const by = traced ? bridge.currentId() : 0;
    let timer: NodeJS.Timeout | undefined;
    this.#ended.onDone((ended) => {
      if (timer !== undefined) builtIns.clearTimeout(timer);
      if (traced) recorder.write(KIND.get, 0, by, this.#id, 0, 0, 0);
      joining.settle(ended.flags & STATE, ended.value, ended.settler);
    });
    if (timeout !== undefined && !this.#over)
      timer = builtIns.setTimeout(
        () =>
          joining.settle(
            FAILED,
            new TimeoutError(`${this.#described()} had not ended after ${timeout} ms`),
            -1,
          ),
        timeout,
      );
    return joining;
  }

  /**
   * Ends it now, in the middle of what it does; a process by SIGTERM. Joining it then fails with WorkerError.
   * @throws Error when it was never started.
   */
  terminate(): void {
    this.#end('SIGTERM');
  }

  /** `terminate`, and a process by SIGKILL. @throws Error when it was never started. */
  kill(): void {
    this.#end('SIGKILL');
  }

  #end(signal: NodeJS.Signals): void {
    if (this.#handle === null)
      throw new Error(`${this.#described()} was never started; there is nothing to end`);
    if (this.#over) return;
    this.#terminated = true;
    this.#handle.kill(signal);
  }

  #message(message: FromWorker): void {
    if (!isBatch(message) && 'ended' in message) this.#answer = message;
  }

  #exited(how: WorkerExit): void {
    const { signal, cause } = how;
    this.#over = true;
    const answer = this.#answer;
    // A thread that is terminated before it began ends with 0, which is the code of a good end.
    const isGood = answer === null ? !this.#terminated : answer.ended;
    const code = how.code === 0 && !isGood ? 1 : how.code;
    this.#exitCode = answer?.ended === true ? (code ?? 0) : code;
    if (traced) {
      if (answer !== null) recordLink('receive', 'result', this.#starter, this.#token, process.pid, this.#id);
      recorder.write(KIND.put, 0, 0, this.#id, 1, 0, 0);
      recorder.write(KIND.resourceEnd, 0, 0, this.#id, 0, 0, 0);
    }
    if (answer !== null) {
      const by = this.#kind === 'thread' ? this.#token : -1;
      if (answer.ended) this.#ended.settle(DONE, answer.value, by);
      else this.#ended.settle(FAILED, errorFrom(answer.value as CarriedError), by);
      return;
    }
    const end = this.#terminated
      ? 'was terminated'
      : signal !== null
        ? `was ended by ${signal}`
        : `ended with exit code ${code}`;
    const error = new WorkerError(`${this.#described()} ${end} before its function did`, code, cause);
    this.#ended.settle(FAILED, error, -1);
  }

  #described(): string {
    return `${this.#kind} "${this.name}"`;
  }
}

notTransferable(Body);

class Ended<T> extends Future<T> {
  readonly #id: number;
  readonly #what: string;
  constructor(id: number, what: string) {
    super();
    this.#id = id;
    this.#what = what;
  }
  override waitReason(): number {
    return WAITS_FOR_JOIN;
  }
  override waitTarget(): number {
    return this.#id;
  }
  override describe(): string {
    return this.#what;
  }
}

/**
 * A function in a thread of its own. After threading.Thread; the function's result or error comes with `join`, as it was.
 *
 * The function is one that a module exports, or one that takes nothing from around itself.
 *
 * @example
 * const thread = new Thread((n) => n * 2, { args: [21], name: 'doubler' }).start();
 * await thread.join(); // → 42
 * thread.exitCode; // → 0
 */
export class Thread<F extends AnyFunction = AnyFunction> extends Body<ReturnOf<F>> {
  /** @throws TypeError at once for what cannot run in another thread, naming it. */
  constructor(fn: F, options: BodyOptions<Partial<Parameters<F>> | Parameters<F>> = {}) {
    super('thread', fn, options as BodyOptions);
  }
}

/**
 * A function in a process of its own. After multiprocessing.Process with the start method "spawn".
 *
 * @example
 * const child = new Process((name, greeting = 'hello') => `${greeting}, ${name}`, { args: ['Ada'] });
 * child.start();
 * await child.join(); // → 'hello, Ada'
 * child.exitCode; // → 0
 */
export class Process<F extends AnyFunction = AnyFunction> extends Body<ReturnOf<F>> {
  /** @throws TypeError at once for what cannot run in another process, naming it. */
  constructor(fn: F, options: BodyOptions<Partial<Parameters<F>> | Parameters<F>> = {}) {
    super('process', fn, options as BodyOptions);
  }
}
