/**
 * Several iterables as one, each value as it comes:
 *
 *   source ─▶ its task, one value ahead at most ─┐
 *   source ─▶ its task ──────────────────────────┴─▶ values in the order of their coming ─▶ whoever iterates
 *
 * A source is asked for its next value when the last one was taken, so that nothing piles up. However the iteration ends, the sources end with it.
 */
import { REASON } from '../../trace/format/kinds.ts';
import { checkList, type NotOne } from '../core/awaitable.ts';
import { checkIterated, type Iterated } from './comprehension.ts';
import type { CancelledError } from '../core/errors.ts';
import { CANCELLED, DONE, FAILED, Future, STATE } from '../core/future.ts';
import { Listener } from '../core/listener.ts';
import { cancellationCausedBy, cancelAll, toCancelledError, GroupTrace } from './composite-future.ts';
import { Task } from '../core/task.ts';
import { bridge, traced } from '../core/trace.ts';

const WAITS_FOR_GROUP = REASON.group;

/**
 * The values of all sources, in the order of their coming; it ends when all have ended. The sources begin with the first step. When one of them fails, or
 * the loop is left, or the task that waits for the next value is cancelled, all are ended, the last first, and have cleaned up before the
 * loop goes on with the error, or behind itself. After `stream.merge` of Python's aiostream.
 *
 * @throws TypeError at once for a list of sources that is none, or a source that cannot be iterated.
 * @example
 * async function* every(ms, name) { for (const n of [1, 2]) { await sleep(ms); yield `${name} ${n}`; } }
 * const both = function* () { return yield* collect(merge([every(20, 'bus'), every(15, 'tram')])); };
 * await run(both, { clock: 'virtual' }); // → ['tram 1', 'bus 1', 'tram 2', 'bus 2']
 */
export function merge<T>(
  sources: Iterable<Iterated<T> & NotOne> & NotOne,
): AsyncIterableIterator<T, undefined> {
  checkList('merge', 'what to iterate', sources);
  const all = [...sources];
  for (const source of all) checkIterated('merge', source);
  // A future is as good as a promise to `for await`; it only is no instance of one.
  return new Merge(all) as unknown as AsyncIterableIterator<T, undefined>;
}

type Step<T> = IteratorResult<T, undefined>;

class Merge<T> {
  readonly group: GroupTrace = new GroupTrace('wait', 'merge');
  readonly #sources: readonly Iterated<T>[];
  /** Of the sources that have begun. */
  readonly #tasks: Future[] = [];
  /** Values that nobody has taken yet, and what tells their source that it was. */
  readonly #values: { readonly value: T; readonly taken: Future<void> }[] = [];
  readonly #asking = new Set<Next<T>>();
  #left: number;
  #hasBegun = false;
  #isEnding = false;
  /** The first that failed, until somebody is told. */
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
    return this.#ask();
  }

  /** The loop was left. */
  return(): Future<Step<T>> {
    this.end(toCancelledError('nobody iterates any more'));
    return this.#ask();
  }

  /** Ends all sources, the last first. */
  end(error: CancelledError): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#values.length = 0;
    if (this.#hasBegun) cancelAll(this.#tasks, error);
    else this.#left = 0;
    this.#hasBegun = true;
    this.#give();
  }

  #begin(): void {
    this.#hasBegun = true;
    for (const [at, source] of this.#sources.entries()) {
      if (traced) bridge.site = this.group.site;
      const task = new Task(() => this.#drain(source), { name: `merge ${at + 1}` }) as Future;
      const index = this.group.add(task);
      this.#tasks.push(task);
      new Listener(task, () => this.#ended(task, index));
    }
  }

  async #drain(source: Iterated<T>): Promise<void> {
    for await (const value of source) await this.#hand(value);
  }

  #hand(value: T): Future<void> {
    const taken = new Future<void>();
    if (!this.#isEnding) this.#values.push({ value, taken });
    this.#give();
    return taken;
  }

  #ask(): Future<Step<T>> {
    const next = new Next<T>(this);
    this.#asking.add(next);
    this.#give();
    return next;
  }

  #ended(task: Future, index: number): void {
    this.#left--;
    this.group.decides(task, index);
    const state = task.flags & STATE;
    if (state === FAILED || (state === CANCELLED && !this.#isEnding)) this.#failed ??= task;
    if (state !== DONE) this.end(cancellationCausedBy(task, 'another of those merged with it failed'));
    this.#give();
  }

  #give(): void {
    for (const next of this.#asking) {
      const first = this.#values.shift();
      if (first === undefined && this.#left > 0) return;
      this.#asking.delete(next);
      if (first === undefined) this.#tellEnd(next);
      else {
        next.settle(DONE, { done: false, value: first.value });
        first.taken.settle(DONE, undefined);
      }
    }
  }

  #tellEnd(next: Next<T>): void {
    const failed = this.#failed;
    this.#failed = null;
    failed?.markHandled();
    if (failed !== null) next.settle(FAILED, failed.value);
    else if (next.cancelled !== null) next.settle(CANCELLED, next.cancelled);
    else next.settle(DONE, { done: true, value: undefined });
  }
}

class Next<T> extends Future<Step<T>> {
  readonly #of: Merge<T>;
  cancelled: CancelledError | null = null;

  constructor(of: Merge<T>) {
    super();
    this.#of = of;
  }

  /** It ends when the sources have ended: behind it there is no loop any more that could end them. */
  override cancel(why?: unknown): boolean {
    if (this.isDone) return false;
    this.cancelled ??= toCancelledError(why);
    this.#of.end(this.cancelled);
    return true;
  }

  override onUntaken(error: CancelledError): void {
    this.#of.end(error);
  }

  override waitReason(): number {
    return WAITS_FOR_GROUP;
  }
  override waitTarget(): number {
    return this.#of.group.id;
  }
  override describe(): string {
    return 'the next value of merge()';
  }
}
