/** A job as whoever added it has it. */
import type { Future } from '../tasks/core/future.ts';

/** A job that was added: its result, and how far it is. */
export interface AddedJob<Result = unknown> {
  /** What no other job of the queue has. */
  readonly id: string;
  /** As it was added. */
  readonly name: string;
  /**
   * What the handler returned. It fails with the handler's error of the last attempt: the same
   * object in this process; through Redis one with its message and its stack.
   */
  result(): Future<Result>;
  /** Calls back each time that the handler tells how far it is. */
  onProgress(listener: (value: unknown) => void): void;
}
