/** Waits for all members, side by side, and collects what each gave. After asyncio.gather. */
import { type SignalOptions, untilAborted } from '../core/abort.ts';
import { type AllEnded, type Awaitable, futuresOf, type NotFuture, refuseSecond } from '../core/awaitable.ts';
import { settlerOf } from '../core/cancellation.ts';
import { CANCELLED, DONE, FAILED, STATE } from '../core/future-state.ts';
import type { Future } from '../core/future.ts';
import { checkOptions, checkSwitch } from '../core/options.ts';
import { CompositeFuture } from './composite-future.ts';
import { GroupTrace } from './group-trace.ts';

/** How `gather` treats what fails. */
export interface GatherOptions extends SignalOptions {
  /**
   * The errors of members that failed or were cancelled stand among the results and end nothing.
   * After `return_exceptions`.
   */
  readonly returnErrors?: boolean;
}

/**
 * Waits for all members. Functions and coroutines begin as tasks of their own, in the order of
 * input.
 *
 * Without `returnErrors` it fails with the first error as soon as there is one, and the other
 * members **go on**, as asyncio's do; `group` ends them. A member that was cancelled counts as one
 * that failed with CancelledError. When the gathering itself is cancelled, all members are, the
 * last first. It then ends when the last of them has ended: nothing of it still runs, and the items
 * and permits that members had got are back in their places. An error thrown in their clean-up
 * comes before the cancellation.
 *
 * @returns a future of the results, in the order of input; of `[]` for none.
 * @throws TypeError at once for what cannot be waited for.
 * @example
 * const cook = (dish, ms) => async () => { await sleep(ms); return dish; };
 * await gather([cook('stew', 5), cook('tea', 1)]); // → ['stew', 'tea']
 * const burn = async () => { throw new Error('burnt'); };
 * const [tea, error] = await gather([cook('tea', 1), burn], { returnErrors: true });
 * [tea, error.message]; // → ['tea', 'burnt']
 */
export function gather<const Things extends readonly Awaitable[] | Iterable<Awaitable>>(
  things: Things & NotFuture,
  options: GatherOptions & { readonly returnErrors: true },
): Future<AllOrErrors<AllEnded<Things>>>;
export function gather<const Things extends readonly Awaitable[] | Iterable<Awaitable>>(
  things: Things & NotFuture,
  options?: GatherOptions,
): Future<AllEnded<Things>>;
export function gather(
  things: Iterable<Awaitable> & NotFuture,
  options: GatherOptions = {},
): Future<unknown> {
  refuseSecond('gather', options);
  checkOptions('gather()', options, ['returnErrors', 'signal']);
  checkSwitch('the returnErrors of gather()', options.returnErrors);
  return untilAborted(
    'gather()',
    options.signal,
    () => new Gather(futuresOf('gather', things), options.returnErrors === true),
  );
}

type AllOrErrors<Results> = { [At in keyof Results]: Results[At] | Error };

class Gather extends CompositeFuture<unknown[]> {
  readonly #group: GroupTrace;
  readonly #returnsErrors: boolean;
  #left: number;
  /** The first member whose clean-up failed. */
  #failed: Future | null = null;

  constructor(members: readonly Future[], returnsErrors: boolean) {
    const group = new GroupTrace('gather', 'gather');
    super(group, members);
    this.#group = group;
    this.#returnsErrors = returnsErrors;
    this.#left = members.length;
    for (const member of members) group.listenTo(member, (ended, index) => this.#memberEnded(ended, index));
    if (this.#left === 0) this.settle(DONE, []);
  }

  #memberEnded(member: Future, index: number): void {
    this.#left--;
    const state = member.flags & STATE;
    // As in asyncio, also for members that fail after the first.
    if (state !== DONE) member.markHandled();
    if (this.isDone) return;
    if (this.cancellation !== null) {
      if (this.failedInCleanUp(member)) this.#failed ??= member;
      if (this.#left > 0) return;
      this.release([], this.cancellation);
      if (this.#failed === null || this.#returnsErrors)
        this.#end(member, index, CANCELLED, this.cancellation);
      else this.#end(member, index, FAILED, this.#failed.value);
    } else if (state !== DONE && !this.#returnsErrors) this.#end(member, index, FAILED, member.value);
    else if (this.#left === 0) {
      const results = this.members.map((each) => each.value);
      this.#end(member, index, DONE, results);
    }
  }

  #end(decider: Future, index: number, state: number, value: unknown): void {
    this.#group.decides(decider, index);
    this.settle(state, value, settlerOf(decider));
  }

  override describe(): string {
    return `gather() of ${this.members.length}`;
  }
}
