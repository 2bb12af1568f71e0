/**
 * How many waits are for something outside the library: promises that it did not make. While there
 * is any, virtual time stands still. Several waits of one async function at once (`Promise.all`)
 * cannot be told apart: the function waits outside only when none of them is for a future.
 */
let count = 0;
let onNone: (() => void) | null = null;

export const externalWaits = {
  get count(): number {
    return count;
  },
  begin(): void {
    count++;
  },
  end(): void {
    if (--count === 0) onNone?.();
  },
  /** Sets what is called when the last of them has ended; null: nothing. */
  setListener(listener: (() => void) | null): void {
    onNone = listener;
  },
};
