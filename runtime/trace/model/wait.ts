/** One wait of a row, over or going on: what the words, the summaries and the JSON speak of. */
import type { Target } from './state.ts';

export interface Wait {
  readonly row: number;
  readonly startNs: number;
  /** Null: the wait goes on. */
  readonly endNs: number | null;
  /** Index in REASONS, as recorded. */
  readonly reason: number;
  readonly target: Target;
  /** −1: unknown. */
  readonly site: number;
  /** The task that ended the wait; −1: none was recorded. */
  readonly waker: number;
  /** The resource whose coming ended the wait, as recorded; 0 or absent: none was. */
  readonly cause?: Target;
  /**
   * Of a generator's rest: the types of the value that it gave, and of what it was resumed with, as
   * texts; −1 or absent: unknown.
   */
  readonly gave?: number;
  readonly got?: number;
  /** Sites of the awaits through which the waiting frame was called, the innermost first. */
  readonly awaitStack?: readonly number[];
}

/** A wait that is over, as the fold tells of it. */
export interface EndedWait extends Wait {
  readonly endNs: number;
  readonly cause: Target;
  /** The frame of the row that waited. */
  readonly task: number;
}
