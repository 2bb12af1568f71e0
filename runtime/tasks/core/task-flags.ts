/** Flags of a task, above those of a future (`future-state.ts`). */

/** A cancellation is due at its next wait. */
export const MUST_CANCEL = 8;
/** Its function returned a future of the library; the task ends as that future does. */
export const FORWARDS = 16;
/** Its function returned a promise: only its waits are seen. */
export const IS_ASYNC = 32;
/** `cancel` was called. */
export const CANCEL_REQUESTED = 64;
/**
 * Traced: its async function is not instrumented (it is the library's or a package's). The waits of
 * that function are recorded as the task's own.
 */
export const SHOWS_WAITS = 128;
/** The future it waits for is being cancelled by this task's `cancel`. */
export const CANCELLING = 256;
