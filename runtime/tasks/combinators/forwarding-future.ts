/** A future that ends as another one does. Whoever looks at how it ended has looked at the other one; whoever left before has not. */
import { Future, HANDLED, STATE } from '../core/future.ts';
import { settlerOf } from './composite-future.ts';

export abstract class ForwardingFuture<T> extends Future<T> {
  #ended: Future<T> | null = null;

  protected forward(leader: Future<T>): void {
    if (!this.settle(leader.flags & STATE, leader.value, settlerOf(leader as Future))) return;
    this.#ended = leader;
    if (this.flags & HANDLED) leader.markHandled();
  }

  override markHandled(): void {
    super.markHandled();
    this.#ended?.markHandled();
  }
}
