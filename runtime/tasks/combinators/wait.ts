/**
 * Which of several have ended by a certain moment. It cancels none of them and throws none of their
 * errors. After asyncio.wait.
 */
import { type SignalOptions, untilAborted } from '../core/abort.ts';
import { type Awaitable, type Ended, futuresOf, type NotFuture, refuseSecond } from '../core/awaitable.ts';
import { sleep } from '../time/clock.ts';
import { settlerOf } from '../core/cancellation.ts';
import { describeValue } from '../core/describe-value.ts';
import { DONE, FAILED, STATE } from '../core/future-state.ts';
import type { Future } from '../core/future.ts';
import { Listener } from '../core/listener.ts';
import { checkMs, checkOptions } from '../core/options.ts';
import { type Blocker, blockersOf } from '../core/stuck.ts';
import type { Task } from '../core/task.ts';
import { WaitFuture } from '../core/wait-future.ts';
import { GroupTrace } from './group-trace.ts';

/**
 * `first-done`: one has ended in any way; `first-failed`: one has failed (a cancellation is no
 * failure), or all have ended.
 */
export type WaitUntil = 'all' | 'first-done' | 'first-failed';
const UNTIL: readonly string[] = ['all', 'first-done', 'first-failed'] satisfies WaitUntil[];

/** How long `wait` waits. */
export interface WaitOptions extends SignalOptions {
  /** Without it: `all`. After `return_when`. */
  readonly returnWhen?: WaitUntil;
  /** At most so many ms; a member that has not ended by then is `pending`, and goes on. */
  readonly timeout?: number;
}

/**
 * Both in the order of input. They hold the task of a function or a coroutine, and for a promise
 * the future that stands for it.
 */
export interface Waited<F> {
  /** Those that have ended in any way. */
  readonly done: F[];
  /** Those that go on. */
  readonly pending: F[];
}

/**
 * Waits for several, up to the moment that `returnWhen` and `timeout` set. It throws none of their
 * errors and cancels none of them, not even when the wait itself is cancelled. A failure counts as
 * handled when the future is asked for its result.
 *
 * @throws TypeError at once for what cannot be waited for; RangeError for no members (Python:
 *   ValueError), an unknown `returnWhen`, or a `timeout` that is no number of ms from 0 up.
 * @example
 * const tea = spawn(async () => { await sleep(1); return 'tea'; });
 * const stew = spawn(async () => { await sleep(60_000); return 'stew'; });
 * const { done, pending } = await wait([stew, tea], { returnWhen: 'first-done' });
 * done; // → [tea]
 * pending; // → [stew]
 * stew.cancel();
 */
export function wait<const A extends Awaitable>(
  things: Iterable<A> & NotFuture,
  options: WaitOptions = {},
): Future<Waited<FutureOf<A>>> {
  refuseSecond('wait', options);
  checkOptions('wait()', options, ['returnWhen', 'timeout', 'signal']);
  const { returnWhen = 'all', timeout = Infinity } = options;
  if (!UNTIL.includes(returnWhen))
    throw new RangeError(`wait() can return when ${UNTIL.join(', ')}, not when ${describeValue(returnWhen)}`);
  checkMs('the timeout of wait()', timeout);
  return untilAborted('wait()', options.signal, () => {
    const members = futuresOf('wait', things);
    if (members.length === 0) throw new RangeError('wait() needs at least one to wait for');
    return new Wait(members, returnWhen, timeout) as Future<unknown> as Future<Waited<FutureOf<A>>>;
  });
}

type FutureOf<A> = A extends Future ? A : A extends PromiseLike<infer T> ? Future<T> : Task<Ended<A>>;

class Wait extends WaitFuture<Waited<Future>> {
  readonly #group: GroupTrace;
  readonly #members: readonly Future[];
  readonly #listeners: Listener[] = [];
  readonly #until: WaitUntil;
  readonly #sleep: Future | null;
  #left: number;

  constructor(members: readonly Future[], until: WaitUntil, timeout: number) {
    const group = new GroupTrace('wait', 'wait');
    super(group);
    this.#group = group;
    this.#members = members;
    this.#left = members.length;
    this.#until = until;
    for (const member of members)
      this.#listeners.push(group.listenTo(member, (ended, index) => this.#memberEnded(ended, index)));
    this.#sleep = timeout === Infinity ? null : sleep(timeout);
    if (this.#sleep !== null) {
      const limit = this.#sleep;
      this.#listeners.push(new Listener(limit, () => this.#end(settlerOf(limit))));
    }
  }

  #memberEnded(member: Future, index: number): void {
    this.#left--;
    const isEnough =
      this.#left === 0 ||
      this.#until === 'first-done' ||
      (this.#until === 'first-failed' && (member.flags & STATE) === FAILED);
    if (!isEnough) return;
    this.#group.decides(member, index);
    this.#end(settlerOf(member));
  }

  #end(settler: number | undefined): void {
    this.onCancelled();
    const done = this.#members.filter((member) => member.isDone);
    const pending = this.#members.filter((member) => !member.isDone);
    this.settle(DONE, { done, pending }, settler);
  }

  protected override onCancelled(): void {
    for (const listener of this.#listeners) listener.stop();
    this.#sleep?.cancel();
  }

  /** @internal */
  blockers(): readonly Blocker[] {
    return this.#until === 'all' && this.#sleep === null ? blockersOf(this.#members) : [];
  }

  override get isForeign(): boolean {
    return this.#members.some((member) => member.isForeign);
  }

  override describe(): string {
    return `wait() for ${this.#members.length}`;
  }
}
