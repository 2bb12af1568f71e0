/** All of them, side by side, and what each gave. After asyncio.gather. */
import { type AllEnded, type Awaitable, futuresOf, type NotOne } from '../core/awaitable.ts';
import type { CancelledError } from '../core/errors.ts';
import { CANCELLED, DONE, FAILED, type Future, STATE } from '../core/future.ts';
import { checkOptions, checkSwitch } from '../core/options.ts';
import { cancelAll, toCancelledError, settlerOf, CompositeFuture } from './composite-future.ts';

/** How `gather` treats what fails. */
export interface GatherOptions {
  /** What failed or was cancelled stands among the results, as what it threw, and ends nothing. After `return_exceptions`. */
  readonly returnErrors?: boolean;
}

/**
 * Waits for all of them. Functions and coroutines begin as tasks of their own, in the order of input.
 *
 * Without `returnErrors` it fails with the first error as soon as there is one, and the others **go on**, as asyncio's do; to end them with
 * it, use `group`. A member that was cancelled counts as one that failed with CancelledError. When the gathering itself is cancelled, all
 * members are (the last first), and it ends when the last of them has: nothing of it still runs then. An error thrown in their clean-up
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
  things: Things & NotOne,
  options: GatherOptions & { readonly returnErrors: true },
): Future<AllOrErrors<AllEnded<Things>>>;
export function gather<const Things extends readonly Awaitable[] | Iterable<Awaitable>>(
  things: Things & NotOne,
  options?: GatherOptions,
): Future<AllEnded<Things>>;
export function gather(things: Iterable<Awaitable> & NotOne, options: GatherOptions = {}): Future<unknown> {
  checkOptions('gather()', options, ['returnErrors']);
  checkSwitch('the returnErrors of gather()', options.returnErrors);
  return new Gather(futuresOf('gather', things), options.returnErrors === true);
}

type AllOrErrors<Results> = { [At in keyof Results]: Results[At] | Error };

class Gather extends CompositeFuture<unknown[]> {
  readonly #members: readonly Future[];
  readonly #returnsErrors: boolean;
  #left: number;
  #cancelled: CancelledError | null = null;
  /** The first whose clean-up failed. */
  #failed: Future | null = null;

  constructor(members: readonly Future[], returnsErrors: boolean) {
    super('gather', 'gather');
    this.#members = members;
    this.#returnsErrors = returnsErrors;
    this.#left = members.length;
    for (const member of members) {
      // As in asyncio, also of those that fail after the first.
      member.markHandled();
      this.listenTo(member);
    }
    if (this.#left === 0) this.settle(DONE, []);
  }

  protected memberEnded(member: Future, index: number): void {
    this.#left--;
    if (this.isDone) return;
    const state = member.flags & STATE;
    if (this.#cancelled !== null) {
      if (state === FAILED) this.#failed ??= member;
      if (this.#left > 0) return;
      if (this.#failed === null || this.#returnsErrors) this.#end(member, index, CANCELLED, this.#cancelled);
      else this.#end(member, index, FAILED, this.#failed.value);
    } else if (state !== DONE && !this.#returnsErrors) this.#end(member, index, FAILED, member.value);
    else if (this.#left === 0) {
      const results = this.#members.map((each) => each.value);
      this.#end(member, index, DONE, results);
    }
  }

  #end(by: Future, index: number, state: number, value: unknown): void {
    this.group.decides(by, index);
    this.settle(state, value, settlerOf(by));
  }

  override cancel(why?: unknown): boolean {
    if (this.isDone) return false;
    const error = toCancelledError(why);
    if (!cancelAll(this.#members, error)) return false;
    this.#cancelled ??= error;
    return true;
  }

  override describe(): string {
    return `gather() of ${this.#members.length}`;
  }
}
