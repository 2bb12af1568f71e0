/** One who is told, in a step of its own, that a future has ended. Unlike `onDone` it makes no closure for the user's sake, and it can stop listening. */
import type { Future, Waiter } from './future.ts';

export class Listener implements Waiter {
  after: Waiter | null = null;
  before: Waiter | null = null;
  /** It is no task: its being woken is not recorded. */
  readonly id = 0;
  readonly #future: Future;
  readonly #ended: () => void;
  #listens = true;

  /** Only listens: whether a failure was looked at is for the caller to say. */
  constructor(future: Future, ended: () => void) {
    this.#future = future;
    this.#ended = ended;
    future.addListener(this);
  }

  /** From here on it is told nothing, even when its step is on its way. */
  stop(): void {
    this.#listens = false;
    this.#future.removeWaiter(this);
  }

  step(): void {
    if (this.#listens) this.#ended();
  }
}
