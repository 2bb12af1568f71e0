/** A future that ends as another one does. Whoever looks at how it ended has looked at the other one; whoever left before has not. */
import { Future, SEEN, STATE } from './future.ts';
import { settlerOf } from './several.ts';

export abstract class Follower<T> extends Future<T> {
  #ended: Future<T> | null = null;

  protected endAs(leader: Future<T>): void {
    if (!this.settle(leader.flags & STATE, leader.value, settlerOf(leader as Future))) return;
    this.#ended = leader;
    if (this.flags & SEEN) leader.look();
  }

  override look(): void {
    super.look();
    this.#ended?.look();
  }
}
