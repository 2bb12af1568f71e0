/**
 * Several iterables as one, each value as it comes:
 *
 *   source ─▶ its task, one value ahead at most ─┐
 *   source ─▶ its task ──────────────────────────┴─▶ values in the order of arrival ─▶ consumer
 *
 * A source is asked for its next value when the last one was taken, so that nothing piles up.
 * However the iteration ends, the sources end with it.
 */
import { checkList, type NotFuture } from '../core/awaitable.ts';
import { cancelAll, cancellationCausedBy, toCancelledError } from '../core/cancellation.ts';
import type { CancelledError } from '../core/errors.ts';
import { CANCELLED, DONE, FAILED, STATE } from '../core/future-state.ts';
import { Future } from '../core/future.ts';
import { Task } from '../core/task.ts';
import { bridge, traced } from '../core/trace.ts';
import { WaitFuture } from '../core/wait-future.ts';
import { checkIterated, type Iterated } from './comprehension.ts';
import { GroupTrace } from './group-trace.ts';

/**
 * The values of all sources, in the order of their arrival; it ends when all sources have ended.
 * The sources begin with the first step. When a source fails, or the loop is left, or the task that
 * waits for the next value is cancelled, all sources are ended, the last first. They have cleaned
 * up before the loop throws the error or is left. After `stream.merge` of Python's aiostream.
 *
 * @throws TypeError at once for sources that are no list, or a source that cannot be iterated.
 * @example
 * async function* every(ms, name) {
 *   for (const n of [1, 2]) { await sleep(ms); yield `${name} ${n}`; }
 * }
 * const both = function* () {
 *   return yield* collect(merge([every(20, 'bus'), every(15, 'tram')]));
 * };
 * await run(both, { clock: 'virtual' }); // → ['tram 1', 'bus 1', 'tram 2', 'bus 2']
 */
export function merge<T>(
  sources: Iterable<Iterated<T> & NotFuture> & NotFuture,
): AsyncIterableIterator<T, undefined> {
  checkList('merge', 'what to iterate', sources);
  const all = [...sources];
  for (const source of all) checkIterated('merge', source);
  // `for await` takes a future as it takes a promise; the types want an instance of Promise.
  return new Merge(all) as unknown as AsyncIterableIterator<T, undefined>;
}

type Step<T> = IteratorResult<T, undefined>;

/** A value that was not taken yet; `taken` lets its source go on. */
interface Arrived<T> {
  readonly value: T;
  readonly taken: Future<void>;
}

class Merge<T> {
  readonly group: GroupTrace = new GroupTrace('wait', 'merge');
  readonly #sources: readonly Iterated<T>[];
  /** The tasks of the sources that have begun. */
  readonly #tasks: Future[] = [];
  readonly #arrived: Arrived<T>[] = [];
  /** The calls of `next` that have no value yet, in the order of asking. */
  readonly #requests = new Set<NextMerged<T>>();
  #left: number;
  #hasBegun = false;
  #isEnding = false;
  /** The first task that failed, until a request gets its error. */
  #failed: Future | null = null;

  constructor(sources: readonly Iterated<T>[]) {
    this.#sources = sources;
    this.#left = sources.length;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Future<Step<T>> {
    if (!this.#hasBegun) this.#begin();
    return this.#request();
  }

  /** The loop was left. */
  return(): Future<Step<T>> {
    this.endSources(toCancelledError('nobody iterates any more'));
    return this.#request();
  }

  /** Ends all sources, the last first. */
  endSources(error: CancelledError): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#arrived.length = 0;
    if (this.#hasBegun) cancelAll(this.#tasks, error);
    else this.#left = 0;
    this.#hasBegun = true;
    this.#deliver();
  }

  #begin(): void {
    this.#hasBegun = true;
    for (const [at, source] of this.#sources.entries()) {
      if (traced) bridge.site = this.group.site;
      const task = new Task(() => this.#drain(source), { name: `merge ${at + 1}` }) as Future;
      this.#tasks.push(task);
      this.group.listenTo(task, (ended, index) => this.#sourceEnded(ended, index));
    }
  }

  async #drain(source: Iterated<T>): Promise<void> {
    for await (const value of source) await this.#offer(value);
  }

  #offer(value: T): Future<void> {
    const taken = new Future<void>();
    if (!this.#isEnding) this.#arrived.push({ value, taken });
    this.#deliver();
    return taken;
  }

  #request(): Future<Step<T>> {
    const next = new NextMerged<T>(this);
    this.#requests.add(next);
    this.#deliver();
    return next;
  }

  #sourceEnded(task: Future, index: number): void {
    this.#left--;
    this.group.decides(task, index);
    const state = task.flags & STATE;
    if (state === FAILED || (state === CANCELLED && !this.#isEnding)) this.#failed ??= task;
    if (state !== DONE) this.endSources(cancellationCausedBy(task, 'another of those merged with it failed'));
    this.#deliver();
  }

  #deliver(): void {
    for (const next of this.#requests) {
      const first = this.#arrived.shift();
      if (first === undefined && this.#left > 0) return;
      this.#requests.delete(next);
      if (first === undefined) this.#settleEnd(next);
      else {
        next.settle(DONE, { done: false, value: first.value });
        first.taken.settle(DONE, undefined);
      }
    }
  }

  #settleEnd(next: NextMerged<T>): void {
    const failed = this.#failed;
    this.#failed = null;
    failed?.markHandled();
    if (failed !== null) next.settle(FAILED, failed.value);
    else if (next.cancellation !== null) next.settle(CANCELLED, next.cancellation);
    else next.settle(DONE, { done: true, value: undefined });
  }
}

/** The future of one call of `next`. */
class NextMerged<T> extends WaitFuture<Step<T>> {
  readonly #merge: Merge<T>;
  cancellation: CancelledError | null = null;

  constructor(merge: Merge<T>) {
    super(merge.group);
    this.#merge = merge;
  }

  /** Ends when the sources have ended: after a cancellation no loop is left that could end them. */
  override cancel(reason?: unknown): boolean {
    if (this.isDone) return false;
    this.cancellation ??= toCancelledError(reason);
    this.#merge.endSources(this.cancellation);
    return true;
  }

  override onUntaken(error: CancelledError): void {
    this.#merge.endSources(error);
  }

  override describe(): string {
    return 'the next value of merge()';
  }
}
