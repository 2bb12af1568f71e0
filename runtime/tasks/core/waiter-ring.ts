/**
 * The ring of a future's waiters, linked through the waiters themselves. It is named by its last
 * member, whose `after` is the first; null is the empty ring.
 */
import type { Waiter } from './runner.ts';

/** Puts the waiter at the end. @returns the ring's new last member. */
export function appendWaiter(last: Waiter | null, waiter: Waiter): Waiter {
  if (last === null) {
    waiter.after = waiter;
    waiter.before = waiter;
  } else {
    const first = last.after!;
    waiter.after = first;
    waiter.before = last;
    first.before = waiter;
    last.after = waiter;
  }
  return waiter;
}

/** Takes the waiter out, wherever it stands. @returns the ring's new last member. */
export function unlinkWaiter(last: Waiter | null, waiter: Waiter): Waiter | null {
  const { after, before } = waiter;
  if (after === null || before === null) return last;
  waiter.after = null;
  waiter.before = null;
  if (after === waiter) return null;
  after.before = before;
  before.after = after;
  return last === waiter ? before : last;
}
