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
import { CancellableIterator } from './cancellable-iterator.ts';
import { checkIterated, type Iterated } from './iterated.ts';
import { GroupTrace } from './group-trace.ts';

/**
 * The values of all sources, in the order of their arrival; it ends when all sources have ended.
 * The sources begin with the first step. When a source fails, or the loop is left, or the task that
 * waits for the next value is cancelled, all sources are ended, the last first, also while they are
 * asked for a value. They have cleaned up before the loop throws the error or is left, and an item
 * of a queue that nobody took is back in its place. After `stream.merge` of Python's aiostream.
 *
 * @throws TypeError at once for sources that are no list, or a source that cannot be iterated.
 * @example
 * async function* line(ms, name) {
 *   for (const n of [1, 2]) { await sleep(ms); yield `${name} ${n}`; }
 * }
 * const both = function* () {
 *   return yield* collect(merge([line(20, 'bus'), line(15, 'tram')]));
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

/** A value that was not taken yet. */
interface Arrived<T> {
  readonly value: T;
  /** What gave it; it takes the value back when nobody takes it. */
  readonly asked: Future<Step<T>>;
  /** Lets its source go on. */
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
  /** What its sources are ended with; null: they go on. */
  #ending: CancelledError | null = null;
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
    if (this.#ending !== null) return;
    this.#ending = error;
    // The last first, so that each goes back to its place in front of those that came later.
    for (let last = this.#arrived.pop(); last !== undefined; last = this.#arrived.pop())
      last.asked.onUntaken(error);
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
    const iterator = new CancellableIterator(source);
    try {
      for (;;) {
        const asked = iterator.next();
        const step = await asked;
        if (step.done === true) return;
        await this.#offer(step.value, asked);
      }
    } finally {
      await iterator.end();
    }
  }

  #offer(value: T, asked: Future<Step<T>>): Future<void> {
    const taken = new Future<void>();
    if (this.#ending === null) this.#arrived.push({ value, asked, taken });
    else asked.onUntaken(this.#ending);
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
    if (state === FAILED || (state === CANCELLED && this.#ending === null)) this.#failed ??= task;
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
        next.deliver(first);
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
  #arrived: Arrived<T> | null = null;

  constructor(merge: Merge<T>) {
    super(merge.group);
    this.#merge = merge;
  }

  deliver(arrived: Arrived<T>): void {
    this.#arrived = arrived;
    this.settle(DONE, { done: false, value: arrived.value });
  }

  /** Ends when the sources have ended: after a cancellation no loop is left that could end them. */
  override cancel(reason?: unknown): boolean {
    if (this.isDone) return false;
    this.cancellation ??= toCancelledError(reason);
    this.#merge.endSources(this.cancellation);
    return true;
  }

  protected override takeBack(error: CancelledError): void {
    this.#arrived?.asked.onUntaken(error);
    this.#arrived = null;
    this.#merge.endSources(error);
  }

  override describe(): string {
    return 'the next value of merge()';
  }
}
