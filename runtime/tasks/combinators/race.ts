/** The first of several to end; the others are cancelled. After `asyncio.wait(…, FIRST_COMPLETED)` with its losers cancelled, and Effection's `race`. */
import { type Awaitable, type Ended, futuresOf, type NotOne } from '../core/awaitable.ts';
import type { CancelledError } from '../core/errors.ts';
import { CANCELLED, DONE, FAILED, type Future, STATE } from '../core/future.ts';
import {
  cancellationCausedBy,
  cancelAll,
  toCancelledError,
  settlerOf,
  CompositeFuture,
} from './composite-future.ts';

/**
 * Gives what the first to end gives, or fails as it does. All others are cancelled, the last first, and the race ends when they have: nothing
 * of it still runs then. An error thrown in a loser's clean-up comes before the winner's result. A promise that loses cannot be cancelled:
 * it goes on, and what it gives is dropped. Put `shield` around what is to go on. After Effection's `race`; in asyncio it is
 * `wait(…, FIRST_COMPLETED)` and cancelling the rest.
 *
 * @throws TypeError at once for what cannot be waited for; RangeError for no members (a `Promise.race` of none would wait for ever).
 * @example
 * const slow = spawn(async () => { await sleep(60_000); return 'tortoise'; });
 * await race([slow, async () => 'hare']); // → 'hare'
 * slow.state; // → 'cancelled'
 */
export function race<const A extends Awaitable>(things: Iterable<A> & NotOne): Future<Ended<A>> {
  const members = futuresOf('race', things);
  if (members.length === 0) throw new RangeError('race() needs at least one to wait for');
  return new Race<Ended<A>>(members);
}

class Race<T> extends CompositeFuture<T> {
  readonly #members: readonly Future[];
  #left: number;
  #winner: Future | null = null;
  /** The first loser whose clean-up failed. */
  #failed: Future | null = null;
  #cancelled: CancelledError | null = null;

  constructor(members: readonly Future[]) {
    super('race', 'race');
    this.#members = members;
    this.#left = members.length;
    for (const member of members) this.listenTo(member);
  }

  protected memberEnded(member: Future, index: number): void {
    this.#left--;
    if (this.#winner === null && this.#cancelled === null) {
      this.#winner = member;
      this.group.decides(member, index);
      cancelAll(this.#members, cancellationCausedBy(member, 'another won the race'));
    } else if ((member.flags & STATE) === FAILED) this.#failed ??= member;
    if (this.#left === 0) this.#end(member);
  }

  #end(last: Future): void {
    const winner = this.#winner;
    const by = settlerOf(last);
    if (this.#failed !== null && (winner === null || (winner.flags & STATE) === DONE)) {
      this.#failed.markHandled();
      this.settle(FAILED, this.#failed.value, by);
    } else if (this.#cancelled !== null) this.settle(CANCELLED, this.#cancelled, by);
    else {
      winner!.markHandled();
      this.settle(winner!.flags & STATE, winner!.value, by);
    }
  }

  override cancel(why?: unknown): boolean {
    if (this.isDone) return false;
    const error = toCancelledError(why);
    if (!cancelAll(this.#members, error)) return false;
    this.#cancelled ??= error;
    return true;
  }

  override describe(): string {
    return `race() of ${this.#members.length}`;
  }
}
