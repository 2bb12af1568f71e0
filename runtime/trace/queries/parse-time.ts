/** Times as a person writes them: nanoseconds, or a number with ns, us, ms or s. */
const UNITS: Readonly<Record<string, number>> = { '': 1, ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9 };

/** "1500", "1.5us", "20ms", "1.2 s" in ns; null: the text is no time. */
export function parseTime(text: string): number | null {
  const parts = /^\s*(\d{1,18}(?:\.\d{1,9})?)\s*(ns|us|µs|ms|s|)\s*$/.exec(text);
  if (parts === null) return null;
  const ns = Math.round(Number(parts[1]) * UNITS[parts[2]!]!);
  return ns <= Number.MAX_SAFE_INTEGER ? ns : null;
}
