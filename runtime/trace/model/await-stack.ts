/**
 * The awaits by which a frame was called. A wait in a function that others await at once is told of
 * the row; only the lines of those awaits say which of several calls it was.
 */
import type { Trace } from './trace.ts';

/** Recursion may be deep; nobody reads more lines than these. */
const MAX_DEPTH = 8;
const NONE: readonly number[] = [];

/**
 * Sites of the callers' awaits, the innermost first. Right only while the wait goes on: later the
 * callers have moved on.
 */
export function awaitStackOf(trace: Trace, task: number): readonly number[] {
  const { frameOf, waitSite } = trace.tasks;
  let caller = frameOf[task]!;
  if (caller < 0) return NONE;
  const sites: number[] = [];
  for (; caller >= 0 && sites.length < MAX_DEPTH; caller = frameOf[caller]!) {
    if (waitSite[caller]! >= 0) sites.push(waitSite[caller]!);
  }
  return sites;
}
