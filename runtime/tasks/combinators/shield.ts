/** Cancelling the wait leaves the awaited future running. After asyncio.shield. */
import { type Awaitable, type Ended, futureOf } from '../core/awaitable.ts';
import { ForwardingFuture } from './forwarding-future.ts';
import type { Future } from '../core/future.ts';
import { type Blocker, blockersOf } from '../core/stuck.ts';
import { Listener } from '../core/listener.ts';

/**
 * A future that ends as `thing` does. Cancelling it does not cancel `thing`, which goes on. Keep
 * the task that goes on at hand: after the cancellation nothing waits for it, and its failure would
 * be reported as unhandled. After asyncio.shield.
 *
 * @throws TypeError at once for what cannot be waited for.
 * @example
 * const saving = spawn(async () => { await sleep(5); return 'saved'; });
 * const waiter = spawn(function* () { yield* shield(saving); });
 * await sleep(0);
 * waiter.cancel();
 * await assert.rejects(waiter, CancelledError);
 * await saving; // → 'saved'
 */
export function shield<const A extends Awaitable>(thing: A): Future<Ended<A>> {
  return new Shield<Ended<A>>(futureOf('shield', thing));
}

class Shield<T> extends ForwardingFuture<T> {
  readonly #inner: Future<T>;
  readonly #listener: Listener;

  constructor(inner: Future<T>) {
    super(inner);
    this.#inner = inner;
    this.#listener = new Listener(inner as Future, () => this.forward(inner));
  }

  protected override onCancelled(): void {
    this.#listener.stop();
  }

  /** @internal */
  blockers(): readonly Blocker[] {
    return blockersOf([this.#inner]);
  }

  override get isForeign(): boolean {
    return this.#inner.isForeign;
  }

  override describe(): string {
    return `shield() of ${this.subject.describe()}`;
  }
}
