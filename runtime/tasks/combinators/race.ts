/**
 * The first of several to end; the others are cancelled. After `asyncio.wait(…, FIRST_COMPLETED)`
 * with its losers cancelled, and Effection's `race`.
 */
import { abortable, type SignalOptions } from '../core/abort.ts';
import { type Awaitable, type Ended, futuresOf, type NotFuture, refuseSecond } from '../core/awaitable.ts';
import { cancellationCausedBy, settlerOf } from '../core/cancellation.ts';
import type { CancelledError } from '../core/errors.ts';
import { CANCELLED, DONE, FAILED, STATE } from '../core/future-state.ts';
import type { Future } from '../core/future.ts';
import { CompositeFuture } from './composite-future.ts';
import { GroupTrace } from './group-trace.ts';

/**
 * Ends as the first member to end does. All others are cancelled, the last first, and the race ends
 * when they have: nothing of it still runs then. What a loser had already got, an item or a permit,
 * goes back to its place; what the code of a task had got is dropped with its result. An error
 * thrown in a loser's clean-up comes before the winner's result. A promise that loses cannot be
 * cancelled: it goes on, and its result is dropped. A member inside `shield` goes on, too. After
 * Effection's `race`; in asyncio it is `wait(…, FIRST_COMPLETED)` and cancelling the rest.
 *
 * @throws TypeError at once for what cannot be waited for; RangeError for no members (a
 *   `Promise.race` of none would wait for ever).
 * @example
 * const slow = spawn(async () => { await sleep(60_000); return 'tortoise'; });
 * await race([slow, async () => 'hare']); // → 'hare'
 * slow.state; // → 'cancelled'
 */
export function race<const A extends Awaitable>(
  things: Iterable<A> & NotFuture,
  options?: SignalOptions,
): Future<Ended<A>> {
  if (options !== undefined) {
    refuseSecond('race', options);
    return abortable('race()', options, () => race(things));
  }
  const members = futuresOf('race', things);
  if (members.length === 0) throw new RangeError('race() needs at least one to wait for');
  return new Race<Ended<A>>(members);
}

export class Race<T> extends CompositeFuture<T> {
  readonly #group: GroupTrace;
  #left: number;
  #winner: Future | null = null;
  /** What the losers are cancelled with. */
  #lost: CancelledError | null = null;
  /** The first loser whose clean-up failed. */
  #failed: Future | null = null;

  constructor(members: readonly Future[]) {
    const group = new GroupTrace('race', 'race');
    super(group, members);
    this.#group = group;
    this.#left = members.length;
    for (const member of members) group.listenTo(member, (ended, index) => this.#memberEnded(ended, index));
  }

  #memberEnded(member: Future, index: number): void {
    this.#left--;
    if (this.#winner === null && this.cancellation === null) {
      this.#winner = member;
      this.#group.decides(member, index);
      this.#lost = cancellationCausedBy(member, 'another won the race');
      this.cancelMembers(this.#lost);
    } else if (this.failedInCleanUp(member)) this.#failed ??= member;
    else if (member !== this.#winner) member.giveBack(this.cancellation ?? this.#lost!);
    if (this.#left === 0) this.#end(member);
  }

  #end(last: Future): void {
    const winner = this.#winner;
    const settler = settlerOf(last);
    if (this.#failed !== null && (winner === null || (winner.flags & STATE) === DONE)) {
      this.#failed.markHandled();
      winner?.giveBack(this.#lost!);
      this.settle(FAILED, this.#failed.value, settler);
    } else if (this.cancellation !== null) {
      winner?.giveBack(this.cancellation);
      this.settle(CANCELLED, this.cancellation, settler);
    } else {
      const isDone = (winner!.flags & STATE) === DONE;
      if (!isDone) winner!.markHandled();
      this.settle(winner!.flags & STATE, isDone ? this.resultOf(winner!) : winner!.value, settler);
    }
  }

  /** @internal What it gives for the member that won. */
  protected resultOf(winner: Future): unknown {
    return winner.value;
  }

  /** @internal */
  get needsOne(): boolean {
    return true;
  }

  override describe(): string {
    return `race() of ${this.members.length}`;
  }
}
