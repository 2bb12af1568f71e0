/** A wait that can be cancelled without what is waited for. After asyncio.shield. */
import { type Awaitable, type Ended, futureOf } from '../core/awaitable.ts';
import { ForwardingFuture } from './forwarding-future.ts';
import type { Future } from '../core/future.ts';
import { Listener } from '../core/listener.ts';

/**
 * A future that ends as this one does; cancelling it leaves this one alone, which goes on. Keep the task that is to go on at hand: whoever
 * waited has left, so that a failure afterwards is nobody's, and is reported as unseen. After asyncio.shield.
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
    super();
    this.#inner = inner;
    this.#listener = new Listener(inner as Future, () => this.forward(inner));
  }

  protected override onCancelled(): void {
    this.#listener.stop();
  }

  override waitReason(): number {
    return this.#inner.waitReason();
  }
  override waitTarget(): number {
    return this.#inner.waitTarget();
  }
  override waitResource(): number {
    return this.#inner.waitResource();
  }
  override describe(): string {
    return `shield() of ${this.#inner.describe()}`;
  }
}
