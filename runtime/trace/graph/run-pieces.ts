/**
 * What a thread executed while a row was drawn as running: the row itself, and whom it called. A
 * caller below others on the stack runs as well; the time is that of the activation on top.
 */
import type { Interval } from '../model/spans.ts';
import type { PathSource } from './path-source.ts';
import type { Piece } from './piece.ts';

/** A run of more stretches is told as the row's own. */
const MAX_STRETCHES = 10_000;

interface RowRun extends Interval {
  readonly row: number;
  /** The await from which the row came back; −1: none is known. */
  readonly site: number;
  readonly spanNs: number;
}

/** Oldest first; they cover the interval. */
export function runPieces({ trace, spans }: PathSource, run: RowRun): Piece[] {
  const { row, fromNs, toNs, spanNs } = run;
  const { tasks } = trace;
  const own = { kind: 'run', row, task: row, reason: 0, target: 0, spanNs } as const;
  const ownSite = run.site >= 0 ? run.site : tasks.site[row]!;
  const stretches = spans.laneSpans?.(tasks.lane[row]!, fromNs, toNs, MAX_STRETCHES) ?? null;
  const pieces: Piece[] = [];
  let t = fromNs;
  const add = (until: number, task: number): void => {
    if (until <= t) return;
    const of = task < 0 ? row : trace.rowOf(task);
    const piece = of === row ? { ...own, site: ownSite } : { ...own, row: of, task, site: tasks.site[task]! };
    const last = pieces.at(-1);
    if (last !== undefined && last.row === piece.row && last.site === piece.site)
      pieces[pieces.length - 1] = { ...last, toNs: until };
    else pieces.push({ ...piece, fromNs: t, toNs: until });
    t = until;
  };
  for (const { startNs, endNs, task } of stretches ?? []) {
    add(Math.min(startNs, toNs), row);
    add(Math.min(endNs, toNs), task);
  }
  add(toNs, row);
  return pieces;
}
