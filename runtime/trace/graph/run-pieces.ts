/**
 * What a thread executed while a row was drawn as running: the row itself, and whom it called. A
 * caller below others on the stack runs as well; the time is that of the activation on top.
 */
import type { Interval } from '../model/spans.ts';
import type { Trace } from '../model/trace.ts';
import type { Piece } from './piece.ts';
import type { SpansBefore } from './row-spans.ts';
import { byLinesSeen } from './seen-at-work.ts';

interface RowRun extends Interval {
  readonly row: number;
  /** The await from which the row came back; −1: none is known. */
  readonly site: number;
  readonly spanNs: number;
}

/** The newest first; they cover the interval. */
export function runPieces(trace: Trace, spans: SpansBefore, run: RowRun): Piece[] {
  const { row, fromNs, toNs, spanNs } = run;
  const { tasks } = trace;
  const ownSite = run.site >= 0 ? run.site : tasks.site[row]!;
  const pieces: Piece[] = [];
  let t = toNs;
  const addBack = (sinceNs: number, task: number): void => {
    const from = Math.max(fromNs, sinceNs);
    if (from >= t) return;
    const of = task < 0 ? row : trace.rowOf(task);
    const site = of === row ? ownSite : tasks.site[task]!;
    const last = pieces.at(-1);
    if (last !== undefined && last.row === of && last.site === site)
      pieces[pieces.length - 1] = { ...last, fromNs: from };
    else {
      const executed = of === row ? row : task;
      pieces.push({
        kind: 'run',
        row: of,
        task: executed,
        site,
        reason: 0,
        target: 0,
        spanNs,
        fromNs: from,
        toNs: t,
      });
    }
    t = from;
  };
  for (const { startNs, endNs, task } of spans.laneSpansBefore(tasks.lane[row]!, toNs)) {
    if (endNs <= fromNs) break;
    addBack(endNs, row);
    addBack(startNs, task);
    if (startNs <= fromNs) break;
  }
  addBack(fromNs, row);
  return pieces.flatMap((piece) => byLinesSeen(trace, tasks.lane[row]!, piece));
}
