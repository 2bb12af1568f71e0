/** A moment as a person types it back: "421.849 ms", "12.204113 s". Steps may be 1 µs apart. */
export const momentText = (ns: number): string =>
  ns < 1e10 ? `${(ns / 1e6).toFixed(3)} ms` : `${(ns / 1e9).toFixed(6)} s`;
