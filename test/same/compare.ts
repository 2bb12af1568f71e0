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

const MAX_DIFF_LINES = 24;
const MAX_LINE_CHARS = 300;
/** The comparison is quadratic; beyond that the rest of both counts as changed. */
const MAX_COMPARED_LINES = 600;

/** The lines that were taken away and added, each stretch with the line before it. */
function diff(before: string, after: string): string[] {
  const left = before.split('\n');
  const right = after.split('\n');
  const kept = commonLines(left.slice(0, MAX_COMPARED_LINES), right.slice(0, MAX_COMPARED_LINES));
  const lines: string[] = [];
  let [at, to] = [0, 0];
  for (const [l, r] of [...kept, [left.length, right.length] as const]) {
    if ((l > at || r > to) && at > 0) lines.push(`  ${left[at - 1]}`);
    for (const line of left.slice(at, l)) lines.push(`- ${line}`);
    for (const line of right.slice(to, r)) lines.push(`+ ${line}`);
    [at, to] = [l + 1, r + 1];
  }
  const shown = lines.slice(0, MAX_DIFF_LINES).map((line) => line.slice(0, MAX_LINE_CHARS));
  return lines.length > MAX_DIFF_LINES ? [...shown, `… ${lines.length - MAX_DIFF_LINES} lines more`] : shown;
}

/** Pairs of indexes of a longest common subsequence. */
function commonLines(left: readonly string[], right: readonly string[]): [left: number, right: number][] {
  const lengths = Array.from({ length: left.length + 1 }, () => new Uint16Array(right.length + 1));
  for (let l = left.length - 1; l >= 0; l--) {
    for (let r = right.length - 1; r >= 0; r--) {
      lengths[l]![r] =
        left[l] === right[r]
          ? lengths[l + 1]![r + 1]! + 1
          : Math.max(lengths[l + 1]![r]!, lengths[l]![r + 1]!);
    }
  }
  const pairs: [number, number][] = [];
  for (let l = 0, r = 0; l < left.length && r < right.length;) {
    if (left[l] === right[r]) pairs.push([l++, r++]);
    else if (lengths[l + 1]![r]! >= lengths[l]![r + 1]!) l++;
    else r++;
  }
  return pairs;
}
