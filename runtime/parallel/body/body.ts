/**
 * A function that runs by itself in a thread or a process of its own: started once, waited for by
 * `join`. It keeps this process alive while it runs. Its joins end as the function does, with its
 * result or its error. After threading.Thread and multiprocessing.Process.
 */
import { beginResource, showResource } from '../../sync/resource.ts';
import { describeValue, quoteName } from '../../tasks/core/describe-value.ts';
import { TimeoutError } from '../../tasks/core/errors.ts';
import { DONE, FAILED, STATE } from '../../tasks/core/future-state.ts';
import type { Future } from '../../tasks/core/future.ts';
import { checkOptions, checkText } from '../../tasks/core/options.ts';
import { builtIns } from '../../tasks/core/trace.ts';
import { warnThrown } from '../../tasks/core/unhandled.ts';
import { REASON } from '../../trace/format/kinds.ts';
import { WorkerError } from '../core/errors.ts';
import {
  type AnyFunction,
  type FunctionReference,
  referenceFunction,
} from '../functions/function-reference.ts';
import { refuseWhileImporting } from '../functions/in-worker.ts';
import { ResourceFuture } from '../core/resource-future.ts';
import { encodeShared } from '../shared/shared-arguments.ts';
import { checkArguments } from '../transport/cloneable.ts';
import { type FromWorker, isBatch } from '../transport/messages.ts';
import { markNotTransferable } from '../transport/not-transferable.ts';
import { deserializeError, type SerializedError } from '../transport/serialized-error.ts';
import { startProcess, startThread, type WorkerExit, type WorkerHandle } from '../transport/worker-handle.ts';
import { type BodyTrace, createBodyTrace } from './body-trace.ts';

/** The arguments and the name of a Thread or a Process. */
export interface BodyOptions<A extends readonly unknown[] = readonly unknown[]> {
  /**
   * The function's arguments. They are cloned; threads share typed arrays over shared memory,
   * SharedLock and SharedCounter.
   */
  readonly args?: A;
  /** Its name in the trace and in messages. Without it: the function's name. */
  readonly name?: string;
}

export abstract class Body<T> {
  /** As given, or its function's name. */
  readonly name: string;
  readonly #kind: 'thread' | 'process';
  readonly #fn: FunctionReference;
  readonly #args: readonly unknown[];
  /** In the trace; 0 untraced. */
  readonly #id: number;
  readonly #trace: BodyTrace;
  readonly #result: ResourceFuture<T>;
  #handle: WorkerHandle | null = null;
  /** Of the link to the body; of a thread's, the id of its activation too. */
  #token = 0;
  /** The body's own last message: whether it returned, and its result or error. */
  #answer: { readonly returned: boolean; readonly value: unknown } | null = null;
  #exitCode: number | null = null;
  #isTerminated = false;
  #hasExited = false;

  constructor(kind: 'thread' | 'process', fn: AnyFunction, options: BodyOptions) {
    const api = kind === 'thread' ? 'Thread' : 'Process';
    refuseWhileImporting(`a ${api}`);
    checkOptions(api, options, ['args', 'name']);
    checkText(`the name of a ${api}`, options.name);
    const args = options.args ?? [];
    if (!Array.isArray(args)) throw new TypeError(`${api} needs an array for args, not ${typeof args}`);
    this.#kind = kind;
    this.#fn = referenceFunction(fn, api);
    this.name = options.name ?? (fn.name || kind);
    checkArguments(args, api, kind === 'thread');
    this.#args = encodeShared(args);
    this.#id = beginResource(kind, this.name, Infinity);
    this.#trace = createBodyTrace(this.#id);
    this.#result = new ResourceFuture<T>(REASON.join, this.#id, this.#describe());
  }

  /** Starts it. @returns itself. @throws Error when it was started before. */
  start(): this {
    if (this.#handle !== null)
      throw new Error(`${this.#describe()} was started already; it can be started only once`);
    this.#token = this.#trace.start();
    const start = this.#kind === 'thread' ? startThread : startProcess;
    this.#handle = start(
      {
        kind: 'body',
        name: this.name,
        fn: this.#fn,
        args: this.#args,
        resource: this.#id,
        token: this.#token,
        claims: null,
        concurrency: 1,
        hasJournal: false,
        pid: process.pid,
      },
      {
        message: (message) => this.#handleMessage(message),
        exited: (exit) => this.#handleExit(exit),
        isBusy: () => true,
      },
    );
    this.#handle.ref(true);
    return this;
  }

  /** Whether it was started and has not ended. */
  get isAlive(): boolean {
    return this.#handle !== null && !this.#hasExited;
  }

  /**
   * 0 when its function returned, 1 after an error. null while it runs, and for a process that a
   * signal ended.
   */
  get exitCode(): number | null {
    return this.#exitCode;
  }

  /** Of a process that was started; undefined for a thread. */
  get pid(): number | undefined {
    return this.#handle?.pid;
  }

  /**
   * Waits for its end, and results in what its function returned. Cancelling the wait leaves it
   * running.
   * @param options `timeout` in ms, after which the wait fails with TimeoutError.
   * @throws (fails with) the function's error; WorkerError when it was ended from outside.
   *   @throws Error at once when it was never started.
   */
  join(options: { readonly timeout?: number } = {}): Future<T> {
    if (this.#handle === null)
      throw new Error(`${this.#describe()} was never started; join() needs one that was`);
    checkOptions('join()', options, ['timeout']);
    const { timeout } = options;
    if (timeout !== undefined && !(typeof timeout === 'number' && timeout >= 0))
      throw new RangeError(
        `join() needs a number of ms from 0 up for timeout, not ${describeValue(timeout)}`,
      );
    const joining = new ResourceFuture<T>(REASON.join, this.#id, `the join of ${this.#describe()}`);
    const joiner = this.#trace.join();
    let timer: NodeJS.Timeout | undefined;
    this.#result.onDone((result) => {
      if (timer !== undefined) builtIns.clearTimeout(timer);
      this.#trace.joined(joiner);
      // Who looks at the join has looked at the failure.
      if (joining.settle(result.flags & STATE, result.value, result.settler)) result.markHandled();
    });
    if (timeout !== undefined && !this.#hasExited)
      timer = builtIns.setTimeout(() => {
        const error = new TimeoutError(`${this.#describe()} had not ended after ${timeout} ms`);
        joining.settle(FAILED, error, -1);
      }, timeout);
    return joining;
  }

  /**
   * Ends it now, in the middle of its work; a process by SIGTERM. Its joins fail with WorkerError.
   * @throws Error when it was never started.
   */
  terminate(): void {
    this.#end('SIGTERM');
  }

  /** `terminate`, and a process by SIGKILL. @throws Error when it was never started. */
  kill(): void {
    this.#end('SIGKILL');
  }

  #end(signal: 'SIGTERM' | 'SIGKILL'): void {
    if (this.#handle === null)
      throw new Error(`${this.#describe()} was never started; there is nothing to end`);
    if (this.#hasExited) return;
    this.#isTerminated = true;
    this.#handle.kill(signal);
  }

  #handleMessage(message: FromWorker): void {
    if (!isBatch(message) && 'returned' in message) this.#answer = message;
  }

  #handleExit(exit: WorkerExit): void {
    this.#hasExited = true;
    const answer = this.#answer;
    // A thread that is terminated before it started ends with 0, which is the code of a good end.
    const isGood = answer === null ? !this.#isTerminated : answer.returned;
    const code = exit.code === 0 && !isGood ? 1 : exit.code;
    this.#exitCode = answer?.returned === true ? (code ?? 0) : code;
    this.#trace.end(answer !== null);
    if (answer === null) {
      this.#result.settle(FAILED, this.#endedEarlyError(exit, code), -1);
      return;
    }
    // What its function left behind, a timer or a promise that nobody handles.
    if (exit.wasThrown && !this.#isTerminated)
      warnThrown(`${this.#describe()} ended by an error after its function had ended`, exit.cause);
    const settler = this.#kind === 'thread' ? this.#token : -1;
    if (answer.returned) this.#result.settle(DONE, answer.value, settler);
    else this.#result.settle(FAILED, deserializeError(answer.value as SerializedError), settler);
  }

  #endedEarlyError({ signal, cause }: WorkerExit, code: number | null): WorkerError {
    const end = this.#isTerminated
      ? 'was terminated'
      : signal !== null
        ? `was ended by ${signal}`
        : `ended with exit code ${code}`;
    return new WorkerError(`${this.#describe()} ${end} before its function did`, code, cause);
  }

  #describe(): string {
    return `${this.#kind} ${quoteName(this.name)}`;
  }

  /** @internal What `console.log` shows of it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return showResource(this.#kind === 'thread' ? 'Thread' : 'Process', this.name, [this.#showState()]);
  }

  #showState(): string {
    if (this.#handle === null) return 'not started';
    if (!this.#hasExited) return this.pid === undefined ? 'running' : `running, pid ${this.pid}`;
    return `ended, ${this.#exitCode === null ? 'by a signal' : `exit code ${this.#exitCode}`}`;
  }
}

markNotTransferable(Body);
