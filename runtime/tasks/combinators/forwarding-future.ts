/**
 * A future that ends as another one does. Code that handles its failure has handled the other's.
 * Code that stopped waiting before the end has not.
 */
import { settlerOf } from '../core/cancellation.ts';
import { HANDLED, STATE } from '../core/future-state.ts';
import type { Future } from '../core/future.ts';
import { WaitFuture } from '../core/wait-future.ts';

export abstract class ForwardingFuture<T> extends WaitFuture<T> {
  #source: Future<T> | null = null;

  /** @internal Ends as the source, which has ended, did. */
  protected forward(source: Future<T>): void {
    if (this.isDone) return;
    this.#source = source;
    const isHandled = (this.flags & HANDLED) !== 0;
    // A failure is told once, as the other's.
    this.flags |= HANDLED;
    this.settle(source.flags & STATE, source.value, settlerOf(source));
    if (isHandled) source.markHandled();
  }

  /** @internal */
  override markHandled(): void {
    super.markHandled();
    this.#source?.markHandled();
  }
}
