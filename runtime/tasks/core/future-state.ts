/**
 * The state of a future and what is known of it: flags in one number, so that a waiting task
 * stays small. The bits from 8 to 256 belong to tasks (`task-flags.ts`).
 */

/** The low two bits are the state. */
export const PENDING = 0;
export const DONE = 1;
export const FAILED = 2;
export const CANCELLED = 3;
export const STATE = 3;

/** Some code waited for the future or read how it ended: its failure is not lost. */
export const HANDLED = 4;

/** `cancel` was called on the future itself: its waiters were not woken through a resource. */
export const CANCELLED_DIRECTLY = 512;

/** The words for the states, by their number. */
export const STATE_NAMES = ['pending', 'done', 'failed', 'cancelled'] as const;

/** Every future has it: to ask for its `then` would look like the begin of an `await`. */
export const IS_FUTURE: unique symbol = Symbol('future');
