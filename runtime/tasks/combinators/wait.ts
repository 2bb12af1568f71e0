/** Which of several have ended by a certain moment; nobody is cancelled and nothing is thrown. After asyncio.wait. */
import { type Awaitable, type Ended, futuresOf, type NotOne } from '../core/awaitable.ts';
import { sleep } from '../time/clock.ts';
import { DONE, FAILED, type Future, STATE } from '../core/future.ts';
import { Listener } from '../core/listener.ts';
import { checkOptions } from '../core/options.ts';
import { describeValue } from '../core/describe-value.ts';
import { settlerOf, CompositeFuture } from './composite-future.ts';
import { Task } from '../core/task.ts';

/** `first-done`: one has ended, however; `first-failed`: one has failed (being cancelled is no failure), or all have ended. */
export type WaitUntil = 'all' | 'first-done' | 'first-failed';
const UNTIL: readonly string[] = ['all', 'first-done', 'first-failed'] satisfies WaitUntil[];

/** Up to when `wait` waits. */
export interface WaitOptions {
  /** Without it: `all`. After `return_when`. */
  readonly returnWhen?: WaitUntil;
  /** At most so many ms; what has not ended by then is `pending`, and goes on. */
  readonly timeout?: number;
}

/** Both in the order of input. For what was given as a function or a coroutine they hold its task, for a promise the future that stands for it. */
export interface Waited<F> {
  /** Those that have ended, however. */
  readonly done: F[];
  /** Those that go on. */
  readonly pending: F[];
}

/**
 * Waits for several, up to the moment that `returnWhen` and `timeout` say. It throws none of their errors and cancels none of them, not even when
 * the wait itself is cancelled. A failure counts as seen when somebody asks the future for its result.
 *
 * @throws TypeError at once for what cannot be waited for; RangeError for no members (Python: ValueError), an unknown `returnWhen`, or a `timeout`
 *   that is no number of ms from 0 up.
 * @example
 * const tea = spawn(async () => { await sleep(1); return 'tea'; });
 * const stew = spawn(async () => { await sleep(60_000); return 'stew'; });
 * const { done, pending } = await wait([stew, tea], { returnWhen: 'first-done' });
 * done; // → [tea]
 * pending; // → [stew]
 * stew.cancel();
 */
export function wait<const A extends Awaitable>(
  things: Iterable<A> & NotOne,
  options: WaitOptions = {},
): Future<Waited<FutureOf<A>>> {
  checkOptions('wait()', options, ['returnWhen', 'timeout']);
  const { returnWhen = 'all', timeout = Infinity } = options;
  if (!UNTIL.includes(returnWhen))
    throw new RangeError(`wait() can return when ${UNTIL.join(', ')}, not when ${describeValue(returnWhen)}`);
  checkMs('the timeout of wait()', timeout);
  const members = futuresOf('wait', things);
  if (members.length === 0) throw new RangeError('wait() needs at least one to wait for');
  return new Wait(members, returnWhen, timeout) as Future<unknown> as Future<Waited<FutureOf<A>>>;
}

type FutureOf<A> = A extends Future ? A : A extends PromiseLike<infer T> ? Future<T> : Task<Ended<A>>;

class Wait extends CompositeFuture<Waited<Future>> {
  readonly #members: readonly Future[];
  readonly #listeners: Listener[] = [];
  readonly #until: WaitUntil;
  readonly #sleep: Future | null;
  #left: number;

  constructor(members: readonly Future[], until: WaitUntil, timeout: number) {
    super('wait', 'wait');
    this.#members = members;
    this.#left = members.length;
    this.#until = until;
    for (const member of members) this.#listeners.push(this.listenTo(member));
    this.#sleep = timeout === Infinity ? null : sleep(timeout);
    if (this.#sleep !== null) {
      const slept = this.#sleep;
      this.#listeners.push(new Listener(slept, () => this.#end(settlerOf(slept))));
    }
  }

  protected memberEnded(member: Future, index: number): void {
    this.#left--;
    const isEnough =
      this.#left === 0 ||
      this.#until === 'first-done' ||
      (this.#until === 'first-failed' && (member.flags & STATE) === FAILED);
    if (!isEnough) return;
    this.group.decides(member, index);
    this.#end(settlerOf(member));
  }

  #end(by: number | undefined): void {
    this.onCancelled();
    const done = this.#members.filter((member) => member.isDone);
    const pending = this.#members.filter((member) => !member.isDone);
    this.settle(DONE, { done, pending }, by);
  }

  protected override onCancelled(): void {
    for (const listener of this.#listeners) listener.stop();
    this.#sleep?.cancel();
  }

  override describe(): string {
    return `wait() for ${this.#members.length}`;
  }
}

/** @throws RangeError for what is no number of ms from 0 up; Infinity: for ever. */
export function checkMs(what: string, ms: unknown): void {
  if (typeof ms !== 'number' || !(ms >= 0))
    throw new RangeError(`${what} must be a number of ms from 0 up, not ${describeValue(ms)}`);
}
