/**
 * Calls back, in a step of its own, when a future has ended. Unlike `onDone` it can be stopped, and
 * it makes no closure to pass the future along.
 */
import type { Future } from './future.ts';
import type { Waiter } from './runner.ts';

export class Listener implements Waiter {
  after: Waiter | null = null;
  before: Waiter | null = null;
  /** It is no task: the trace does not record that it was woken. */
  readonly id = 0;
  readonly #future: Future;
  readonly #ended: () => void;
  #isListening = true;

  /** Listening does not count as handling a failure: the caller marks that itself. */
  constructor(future: Future, ended: () => void) {
    this.#future = future;
    this.#ended = ended;
    future.addListener(this);
  }

  /** From here on nothing is called, even when the step is ready already. */
  stop(): void {
    this.#isListening = false;
    this.#future.removeListener(this);
  }

  step(): void {
    if (this.#isListening) this.#ended();
  }
}
