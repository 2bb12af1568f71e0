/**
 * What is under way outside the library: promises of somebody else's that a task waits for. While there is any, virtual time stands still.
 * Several waits of one async function at once (`Promise.all`) cannot be told apart: it is outside only when none of them is ours.
 */
export const externalWaits = {
  count: 0,
  /** Called when nothing is any more. */
  onNone: null as (() => void) | null,

  begins(): void {
    externalWaits.count++;
  },
  ends(): void {
    if (--externalWaits.count === 0) externalWaits.onNone?.();
  },
};
