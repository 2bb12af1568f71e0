/** Times, counts, sizes and shares as a person reads them, in English. */
import { grouped } from '../format/grouped.ts';

/**
 * "1.20 s", "340 ms", "3.1 ms", "12 µs", "850 ns", "2 min 5 s": three digits at most, so that a
 * column of them can be compared.
 */
export function duration(ns: number): string {
  const abs = Math.abs(ns);
  if (abs < 999.5) return `${Math.round(ns)} ns`;
  if (abs < 999_500) return `${digits(ns / 1e3)} µs`;
  if (abs < 999_500_000) return `${digits(ns / 1e6)} ms`;
  if (abs < 119.995e9) return `${(ns / 1e9).toFixed(2)} s`;
  const seconds = Math.round(ns / 1e9);
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

function digits(value: number): string {
  return Math.abs(value) < 9.95 ? value.toFixed(1) : String(Math.round(value));
}

/** "1 task", "3 tasks", "12,345 tasks". */
export function count(n: number, singular: string, plural = `${singular}s`): string {
  return `${grouped(n)} ${n === 1 ? singular : plural}`;
}

/** "60 MB", "2.1 GB", "16 kB": in thousands. */
export function byteCount(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1).replace(/\.0$/, '')} GB`;
  return bytes >= 1e6 ? `${Math.round(bytes / 1e6)} MB` : `${Math.round(bytes / 1e3)} kB`;
}

/** "92 %". Only nothing reads as 0 %, and only the whole as 100 %. */
export function share(part: number, whole: number): string {
  if (whole <= 0) return '0 %';
  const percent = (part / whole) * 100;
  if (percent > 0 && percent < 1) return '< 1 %';
  if (percent < 100 && percent > 99) return '> 99 %';
  return `${Math.round(percent)} %`;
}
