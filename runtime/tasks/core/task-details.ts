/** The fields that few tasks have, apart from the task so that the others stay small. */
import type { AsyncWaits } from './async-waits.ts';
import type { CancelledError } from './errors.ts';
import type { Future } from './future.ts';

export class TaskDetails {
  /** Its function; from the first step on the name of that. */
  source: (() => unknown) | string;
  /** As given. */
  name = '';
  /** Holds the stack of the line that made the task. */
  origin: { stack?: string } | null = null;
  /** The last cancellation that was asked for. */
  cancellation: CancelledError | null = null;
  abort: AbortController | null = null;
  /** Called around each step of an async function's body. */
  enter: (() => void) | null = null;
  leave: (() => void) | null = null;
  /** What its async function waits for; null: it has asked for nothing yet. */
  waits: AsyncWaits | null = null;
  /** Of a coroutine: what async functions wait for that it called. */
  hiddenWaits = 0;
  /** The future that its function returned: the task ends as that does. */
  forwards: Future | null = null;
  /** Traced, where the task shows its waits itself: the future whose wait was over last. */
  settledWait: Future | null = null;

  constructor(source: (() => unknown) | string) {
    this.source = source;
  }

  /**
   * The cancellation, where the error is how something else gives it back that was given the task's
   * signal: `fetch` throws the reason itself, Node's functions an AbortError because of it.
   */
  cancellationBehind(error: unknown): CancelledError | null {
    if (this.abort?.signal.aborted !== true) return null;
    const { reason } = this.abort.signal as { reason: unknown };
    const isBecause = error === reason || (error instanceof Error && error.cause === reason);
    return isBecause ? this.cancellation : null;
  }

  /** The signal that is aborted with the task's cancellation. */
  signalOf(isCancelled: boolean, reason: unknown): AbortSignal {
    if (this.abort === null) {
      this.abort = new AbortController();
      if (isCancelled) this.abort.abort(reason);
      else if (this.cancellation !== null) this.abort.abort(this.cancellation);
    }
    return this.abort.signal;
  }
}
