/** Compares what a program did untraced and traced, and shows the difference in few lines. */

import { normalised, type Normalisation } from './normalise.ts';
import type { Outcome } from './run.ts';

export function normalisedOutcome(outcome: Outcome, normalisations: readonly Normalisation[]): Outcome {
  return {
    end: outcome.end,
    stdout: normalised(outcome.stdout, normalisations),
    stderr: normalised(outcome.stderr, normalisations),
  };
}

/** How much of the stack has to be left for the program's own calls. */
const MIN_DEPTH_SHARE = 0.9;
const DEPTH = /^depth: (\d+)$/gm;

/** A line `depth: N` is equal to one with a tenth less: probes may cost that much of the stack. */
function withDepthsOf(untraced: string, traced: string): string {
  const depths = [...untraced.matchAll(DEPTH)].map(([, depth]) => Number(depth));
  let index = 0;
  return traced.replace(DEPTH, (line, depth: string) => {
    const wanted = depths[index++];
    return wanted !== undefined && Number(depth) >= wanted * MIN_DEPTH_SHARE ? `depth: ${wanted}` : line;
  });
}

/** Lines that say what differs; none: nothing does. */
export function differences(untraced: Outcome, traced: Outcome): string[] {
  const found: string[] = [];
  if (untraced.end !== traced.end) found.push(`end: ${untraced.end} untraced, ${traced.end} traced`);
  for (const name of ['stdout', 'stderr'] as const) {
    const after = withDepthsOf(untraced[name], traced[name]);
    if (untraced[name] !== after) found.push(`${name}:`, ...diff(untraced[name], after));
  }
  return found;
}

const MAX_DIFF_LINES = 14;
const MAX_LINE_CHARS = 300;

/** The lines between the common beginning and the common end, with one line around. */
function diff(before: string, after: string): string[] {
  const left = before.split('\n');
  const right = after.split('\n');
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start++;
  let end = 0;
  while (
    end < left.length - start &&
    end < right.length - start &&
    left[left.length - 1 - end] === right[right.length - 1 - end]
  ) {
    end++;
  }
  const cut = (lines: readonly string[], sign: string): string[] => {
    const shown = lines.slice(0, MAX_DIFF_LINES).map((line) => `${sign} ${line.slice(0, MAX_LINE_CHARS)}`);
    return lines.length > MAX_DIFF_LINES
      ? [...shown, `${sign} … ${lines.length - MAX_DIFF_LINES} lines more`]
      : shown;
  };
  return [
    ...(start > 0 ? [`  ${left[start - 1]!.slice(0, MAX_LINE_CHARS)}`] : []),
    ...cut(left.slice(start, left.length - end), '-'),
    ...cut(right.slice(start, right.length - end), '+'),
  ];
}
