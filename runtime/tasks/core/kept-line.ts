/**
 * The lines where tasks are made and where they begin to wait, for messages. A stack costs some
 * microseconds, more than a task itself; so there is a budget. Programs that do little keep each
 * line, and those that make a hundred thousand tasks a second pay for some of them.
 */
import { pathToFileURL } from 'node:url';
import { realNowMs } from './trace.ts';

/** Stacks at the start, and at most as many saved up. */
const MAX_SAVED = 1000;
/** Stacks that each ms adds: 3 % of the time at most, where they are deep. */
const STACKS_PER_MS = 2;
/** Of so many lines that are not kept, one looks at the clock. */
const REFUSALS_A_LOOK = 8;
/** Frames of the library, and one of the user's. */
const MAX_FRAMES = 12;

/** Holds a stack until somebody reads it. */
export interface KeptLine {
  stack?: string;
}

let left = MAX_SAVED;
let sinceMs = realNowMs();
let refused = 0;

/** Time has gone on; the scheduler says so where it reads the clock. */
export function refillLines(nowMs: number): void {
  const more = Math.floor((nowMs - sinceMs) * STACKS_PER_MS);
  if (more <= 0) return;
  left = Math.min(MAX_SAVED, left + more);
  sinceMs = nowMs;
}

/** @param below the function whose caller is of interest. @returns null where no line is kept. */
export function keepLine(
  below: ((...args: never[]) => unknown) | (abstract new (...args: never[]) => unknown),
): KeptLine | null {
  if (left === 0) {
    if (++refused % REFUSALS_A_LOOK !== 0) return null;
    refillLines(realNowMs());
    if (left === 0) return null;
  }
  left--;
  const line: KeptLine = {};
  const { stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = MAX_FRAMES;
    Error.captureStackTrace(line, below);
    Error.stackTraceLimit = stackTraceLimit;
    return line;
  } catch {
    // The built-ins are frozen.
    return null;
  }
}

/**
 * The place of a stack that belongs to the user: the first line that is neither Node's nor the
 * library's. Undefined: there is none.
 */
export function placeOf(stack: string | undefined): string | undefined {
  const place = stack
    ?.split('\n')
    .slice(1)
    .map((line) => /(?:\(|at )(?:async )?((?:file:\/\/)?[^()]+:\d+:\d+)\)?$/.exec(line)?.[1])
    .find((found) => found !== undefined && !found.startsWith('node:') && !isLibraryPlace(found));
  return place === undefined ? undefined : decodeURI(place.replace('file://', ''));
}

const HERE = new URL('.', import.meta.url).href;
/**
 * The folders of the library's files: `runtime/` when each is a file of its own, `dist/` when they
 * are bundled; and the places that source maps give for either.
 */
const LIBRARY_FOLDERS = HERE.endsWith('/runtime/tasks/core/')
  ? [new URL('../..', HERE).href, new URL('../../../../runtime/', HERE).href]
  : [HERE, new URL('../runtime/', HERE).href];

function isLibraryPlace(place: string): boolean {
  const url = place.startsWith('file:') ? place : pathToFileURL(place).href;
  return LIBRARY_FOLDERS.some((folder) => url.startsWith(folder));
}
