/** The command line was called in a way that it does not know: one sentence. */
export class UsageError extends Error {}

/** @throws UsageError when the value is no whole number of at most nine digits */
export function parseCount(option: string, value: string | undefined, defaultCount: number): number {
  if (value === undefined) return defaultCount;
  if (!/^\d{1,9}$/.test(value)) throw new UsageError(`--${option} takes a whole number; it got "${value}"`);
  return Number(value);
}
