/** The fields that few tasks have, apart from the task so that the others stay small. */
import type { CancelledError } from './errors.ts';
import type { Future } from './future.ts';

export class TaskDetails {
  name = '';
  /** Holds the stack of the line that made the task. */
  origin: { stack?: string } | null = null;
  /** The last cancellation that was asked for. */
  cancellation: CancelledError | null = null;
  abort: AbortController | null = null;
  /** Called around each step of an async function's body. */
  enter: (() => void) | null = null;
  leave: (() => void) | null = null;
  /** What an async function waits for besides the task's `waitingOn`, the oldest first. */
  otherWaits: Future[] | null = null;
  /** Traced, where the task shows its waits itself: the future whose wait was over last. */
  settledWait: Future | null = null;

  /** One of the other waits is over. */
  removeOtherWait(future: Future): void {
    const at = this.otherWaits?.lastIndexOf(future) ?? -1;
    if (at >= 0) this.otherWaits!.splice(at, 1);
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
