/** Yields the members one after another, in the order of their ends. After asyncio.as_completed. */
import { type Awaitable, type Ended, futuresOf, type NotFuture, refuseSecond } from '../core/awaitable.ts';
import { type CancelledError, TimeoutError } from '../core/errors.ts';
import { FAILED } from '../core/future-state.ts';
import type { Future } from '../core/future.ts';
import { Listener } from '../core/listener.ts';
import { checkMs, checkOptions } from '../core/options.ts';
import { sleep } from '../time/clock.ts';
import { ForwardingFuture } from './forwarding-future.ts';
import { GroupTrace } from './group-trace.ts';

/** How long `asCompleted` waits. */
export interface AsCompletedOptions {
  /**
   * After so many ms in all, the remaining futures fail with TimeoutError. The members that have
   * not ended go on.
   */
  readonly timeout?: number;
}

/**
 * As many futures as there are members: the first ends as the member that ends first, the second as
 * the next, and so on. After asyncio.as_completed.
 *
 * `for (const next of asCompleted(things)) use(yield* next)` in a coroutine,
 * `for await (const result of asCompleted(things))` in an async function. Leaving the loop, or
 * cancelling a wait, does not cancel the members. The member that a cancelled wait would have got
 * goes to the next one.
 *
 * @throws TypeError at once for what cannot be waited for; RangeError for a timeout that is no
 *   number of ms from 0 up.
 * @example
 * const cook = (dish, ms) => async () => { await sleep(ms); return dish; };
 * const served = [];
 * for await (const dish of asCompleted([cook('stew', 20), cook('tea', 1)])) served.push(dish);
 * served; // → ['tea', 'stew']
 */
export function asCompleted<const A extends Awaitable>(
  things: Iterable<A> & NotFuture,
  options: AsCompletedOptions = {},
): IterableIterator<Future<Ended<A>>, undefined> {
  refuseSecond('asCompleted', options);
  checkOptions('asCompleted()', options, ['timeout']);
  const { timeout = Infinity } = options;
  checkMs('the timeout of asCompleted()', timeout);
  const iterator = new AsCompleted(futuresOf('asCompleted', things), timeout);
  return iterator as IterableIterator<Future, undefined> as IterableIterator<Future<Ended<A>>, undefined>;
}

class AsCompleted implements IterableIterator<Future, undefined> {
  readonly group = new GroupTrace('wait', 'as completed');
  readonly #listeners: Listener[] = [];
  /** The members that have ended, in that order; null: one that did not end in time. */
  readonly #arrived: (Future | null)[] = [];
  /** How many of those were delivered. */
  #delivered = 0;
  /** The futures that stand for no member yet, in the order of asking. */
  readonly #requests = new Set<NextCompleted>();
  readonly #timeout: number;
  readonly #sleep: Future | null;
  /** How many members have not ended. */
  #left: number;
  /** How many futures are still to be yielded. */
  #unyielded: number;

  constructor(members: readonly Future[], timeout: number) {
    this.#left = members.length;
    this.#unyielded = members.length;
    this.#timeout = timeout;
    for (const member of members) {
      const listener = this.group.listenTo(member, (ended, index) => this.#memberEnded(ended, index));
      this.#listeners.push(listener);
    }
    this.#sleep = timeout === Infinity || members.length === 0 ? null : sleep(timeout);
    if (this.#sleep !== null) this.#listeners.push(new Listener(this.#sleep, () => this.#timedOut()));
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<Future, undefined> {
    if (this.#unyielded === 0) return { done: true, value: undefined };
    this.#unyielded--;
    const next = new NextCompleted(this);
    this.#requests.add(next);
    this.#deliver();
    return { done: false, value: next };
  }

  /** The loop was left. */
  return(): IteratorResult<Future, undefined> {
    this.#unyielded = 0;
    if (this.#requests.size === 0) this.#stop();
    return { done: true, value: undefined };
  }

  /** The wait for this future was cancelled before a member had arrived for it. */
  abandonNext(next: NextCompleted): void {
    if (this.#requests.delete(next)) this.#unyielded++;
  }

  /** The wait for this member was cancelled before its result was taken. */
  returnMember(member: Future): void {
    this.#unyielded++;
    this.#arrived[--this.#delivered] = member;
    this.#deliver();
  }

  timeoutError(): TimeoutError {
    return new TimeoutError(
      `asCompleted() took longer than ${this.#timeout} ms; ${this.#left} had not ended`,
    );
  }

  #memberEnded(member: Future, index: number): void {
    this.group.decides(member, index);
    this.#arrived.push(member);
    if (--this.#left === 0) this.#stop();
    this.#deliver();
  }

  #timedOut(): void {
    for (let late = 0; late < this.#left; late++) this.#arrived.push(null);
    this.#stop();
    this.#deliver();
  }

  #deliver(): void {
    for (const next of this.#requests) {
      if (this.#delivered === this.#arrived.length) return;
      this.#requests.delete(next);
      next.deliver(this.#arrived[this.#delivered++]!);
    }
  }

  #stop(): void {
    for (const listener of this.#listeners) listener.stop();
    this.#sleep?.cancel();
  }
}

/** One of the futures that are yielded. */
class NextCompleted extends ForwardingFuture<unknown> {
  readonly #iterator: AsCompleted;
  #member: Future | null = null;

  constructor(iterator: AsCompleted) {
    super(iterator.group);
    this.#iterator = iterator;
  }

  /** Null: no member ended in time. */
  deliver(member: Future | null): void {
    this.#member = member;
    if (member !== null) this.forward(member);
    else this.settle(FAILED, this.#iterator.timeoutError());
  }

  protected override takeBack(error: CancelledError): void {
    if (this.#member === null) return;
    this.withdrawValue(error);
    this.#iterator.returnMember(this.#member);
    this.#member = null;
  }

  protected override onCancelled(): void {
    this.#iterator.abandonNext(this);
  }
  override describe(): string {
    return 'the next of asCompleted()';
  }
}
