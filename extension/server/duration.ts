/** A duration as people say it, three digits at most: "850 ns", "3.1 ms", "1.20 s", "2 min 5 s". */
export function duration(ns: number): string {
  if (ns < 1000) return `${Math.round(ns)} ns`;
  if (ns < 999_500) return `${digits(ns / 1e3, 1)} µs`;
  if (ns < 999_500_000) return `${digits(ns / 1e6, 1)} ms`;
  if (ns < 59_995_000_000) return `${digits(ns / 1e9, 2)} s`;
  const seconds = Math.round(ns / 1e9);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function digits(value: number, behindPoint: number): string {
  const most = value >= 99.95 ? 0 : value >= 9.995 ? Math.min(1, behindPoint) : behindPoint;
  return value.toFixed(most);
}
