/** What is said of times for which a process stood still. */
import type { Interval } from '../model/spans.ts';
import type { Process } from '../model/trace.ts';
import { duration } from './duration.ts';

/** A smaller share of a time explains nothing. */
const MIN_SHARE = 1 / 20;

/**
 * " (at least 2.90 s of it stopped from outside, as by SIGSTOP, Ctrl-Z or a debugger)"; '': it ran.
 */
export function describeStops(process: Process | undefined, interval: Interval): string {
  if (process === undefined) return '';
  const ns = process.stops.within(interval);
  return ns > 0 && ns >= (interval.toNs - interval.fromNs) * MIN_SHARE
    ? ` (at least ${duration(ns)} of it stopped from outside, as by SIGSTOP, Ctrl-Z or a debugger)`
    : '';
}
