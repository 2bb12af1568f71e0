/** Several, one after another as they end. After asyncio.as_completed. */
import { REASON } from '../../trace/format/kinds.ts';
import { type Awaitable, type Ended, futuresOf, type NotOne } from '../core/awaitable.ts';
import { sleep } from '../time/clock.ts';
import { type CancelledError, TimeoutError } from '../core/errors.ts';
import { ForwardingFuture } from './forwarding-future.ts';
import { CANCELLED, FAILED, type Future, STATE, type Waiter } from '../core/future.ts';
import { Listener } from '../core/listener.ts';
import { checkOptions } from '../core/options.ts';
import { GroupTrace } from './composite-future.ts';

import { checkMs } from './wait.ts';

/** For how long `asCompleted` waits. */
export interface AsCompletedOptions {
  /** After so many ms in all the futures that are still to come fail with TimeoutError; what they wait for goes on. */
  readonly timeout?: number;
}

/**
 * As many futures as there are members: the first ends as the member that ends first, the second as the next, and so on. After
 * asyncio.as_completed.
 *
 * `for (const next of asCompleted(things)) use(yield* next)` in a coroutine, `for await (const result of asCompleted(things))` in an async
 * function. Leaving the loop, or cancelling who waits, leaves the members alone; what a cancelled wait would have got is for the next.
 *
 * @throws TypeError at once for what cannot be waited for; RangeError for a timeout that is no number of ms from 0 up.
 * @example
 * const cook = (dish, ms) => async () => { await sleep(ms); return dish; };
 * const served = [];
 * for await (const dish of asCompleted([cook('stew', 20), cook('tea', 1)])) served.push(dish);
 * served; // → ['tea', 'stew']
 */
export function asCompleted<const A extends Awaitable>(
  things: Iterable<A> & NotOne,
  options: AsCompletedOptions = {},
): IterableIterator<Future<Ended<A>>, undefined> {
  checkOptions('asCompleted()', options, ['timeout']);
  const { timeout = Infinity } = options;
  checkMs('the timeout of asCompleted()', timeout);
  const each = new AsCompleted(futuresOf('asCompleted', things), timeout);
  return each as IterableIterator<Future, undefined> as IterableIterator<Future<Ended<A>>, undefined>;
}

class AsCompleted implements IterableIterator<Future, undefined> {
  readonly group = new GroupTrace('wait', 'as completed');
  readonly #listeners: Listener[] = [];
  /** Ended, in the order of ending; null: the time is over. The first of them have been given. */
  readonly #arrived: (Future | null)[] = [];
  #given = 0;
  /** Given before anything had ended, in the order of asking. */
  readonly #asking = new Set<Next>();
  readonly #timeout: number;
  readonly #sleep: Future | null;
  #left: number;
  #toGive: number;

  constructor(members: readonly Future[], timeout: number) {
    this.#left = members.length;
    this.#toGive = members.length;
    this.#timeout = timeout;
    for (const member of members) {
      const index = this.group.add(member);
      this.#listeners.push(new Listener(member, () => this.#ended(member, index)));
    }
    this.#sleep = timeout === Infinity || members.length === 0 ? null : sleep(timeout);
    if (this.#sleep !== null) this.#listeners.push(new Listener(this.#sleep, () => this.#timeIsOver()));
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<Future, undefined> {
    if (this.#toGive === 0) return { done: true, value: undefined };
    this.#toGive--;
    const next = new Next(this);
    this.#asking.add(next);
    this.#give();
    return { done: false, value: next };
  }

  /** The loop was left. */
  return(): IteratorResult<Future, undefined> {
    this.#toGive = 0;
    if (this.#asking.size === 0) this.#stop();
    return { done: true, value: undefined };
  }

  /** Whoever waited for it left before anything had come. */
  abandonNext(next: Next): void {
    if (this.#asking.delete(next)) this.#toGive++;
  }

  /** Whoever waited for it left before taking what had come. */
  returnMember(member: Future): void {
    this.#toGive++;
    this.#arrived[--this.#given] = member;
    this.#give();
  }

  timeoutError(): TimeoutError {
    return new TimeoutError(
      `asCompleted() took longer than ${this.#timeout} ms; ${this.#left} had not ended`,
    );
  }

  #ended(member: Future, index: number): void {
    this.group.decides(member, index);
    this.#arrived.push(member);
    if (--this.#left === 0) this.#stop();
    this.#give();
  }

  #timeIsOver(): void {
    for (let late = 0; late < this.#left; late++) this.#arrived.push(null);
    this.#stop();
    this.#give();
  }

  #give(): void {
    for (const next of this.#asking) {
      if (this.#given === this.#arrived.length) return;
      this.#asking.delete(next);
      next.comes(this.#arrived[this.#given++]!);
    }
  }

  #stop(): void {
    for (const listener of this.#listeners) listener.stop();
    this.#sleep?.cancel();
  }
}

const WAITS_FOR_GROUP = REASON.group;

class Next extends ForwardingFuture<unknown> {
  readonly #of: AsCompleted;
  #member: Future | null = null;
  /** How many wait for it or took it. */
  #takers = 0;

  constructor(of: AsCompleted) {
    super();
    this.#of = of;
  }

  /** Null: nothing came in time. */
  comes(member: Future | null): void {
    this.#member = member;
    if (member !== null) this.forward(member);
    else this.settle(FAILED, this.#of.timeoutError());
  }

  override addWaiter(waiter: Waiter): void {
    this.#takers++;
    super.addWaiter(waiter);
  }

  override onUntaken(error: CancelledError): void {
    if (--this.#takers > 0 || this.#member === null) return;
    this.flags = (this.flags & ~STATE) | CANCELLED;
    this.value = error;
    this.#of.returnMember(this.#member);
    this.#member = null;
  }

  protected override onCancelled(): void {
    this.#of.abandonNext(this);
  }
  override waitReason(): number {
    return WAITS_FOR_GROUP;
  }
  override waitTarget(): number {
    return this.#of.group.id;
  }
  override describe(): string {
    return 'the next of asCompleted()';
  }
}
