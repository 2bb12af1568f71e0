/**
 * The other side of "known until": a recording near its size limit lets go of its oldest records.
 * Of the time before, only what still went on then is known: which tasks lived and what they waited
 * for, what was in the queues, who held the locks. Nothing is counted or claimed of it.
 */

export interface KeptSince {
  /** From here on all processes have their records. */
  readonly sinceNs: number;
  /** Records that were let go. */
  readonly records: number;
  /** Index in KEPT_REASONS. */
  readonly why: number;
  /** The recording's limit; 0: that was not why. */
  readonly limitBytes: number;
}
