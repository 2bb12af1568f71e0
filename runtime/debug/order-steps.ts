/**
 * Brings steps into the order of time. Records of one thread come in that order, those of several
 * nearly: so long ascending runs are merged, which takes few passes.
 */
import type { StepLog } from './step-log.ts';

type Steps = Pick<StepLog, 't' | 'rank'>;

/** Steps of one time are in the order of their rank. */
export function isBefore({ t, rank }: Steps, a: number, b: number): boolean {
  return t[a]! < t[b]! || (t[a] === t[b] && rank[a]! < rank[b]!);
}

/** Sorts in place, stable. */
export function orderSteps(log: Steps, steps: Uint32Array): void {
  let runs = ascendingRuns(log, steps);
  let from: Uint32Array = steps;
  let to: Uint32Array = new Uint32Array(runs.length > 2 ? steps.length : 0);
  while (runs.length > 2) {
    const merged = [0];
    for (let i = 0; i + 1 < runs.length; i += 2) {
      const end = runs[i + 2] ?? runs[i + 1]!;
      mergeRuns(log, from, to, [runs[i]!, runs[i + 1]!, end]);
      merged.push(end);
    }
    runs = merged;
    [from, to] = [to, from];
  }
  if (from !== steps) steps.set(from);
}

/** Where runs begin, and the end of the last one. */
function ascendingRuns(log: Steps, steps: Uint32Array): number[] {
  const runs = [0];
  for (let i = 1; i < steps.length; i++) if (isBefore(log, steps[i]!, steps[i - 1]!)) runs.push(i);
  runs.push(steps.length);
  return runs;
}

function mergeRuns(
  log: Steps,
  from: Uint32Array,
  to: Uint32Array,
  [start, middle, end]: readonly [number, number, number],
): void {
  let left = start;
  let right = middle;
  for (let i = start; i < end; i++) {
    const takesLeft = right >= end || (left < middle && !isBefore(log, from[right]!, from[left]!));
    to[i] = takesLeft ? from[left++]! : from[right++]!;
  }
}
