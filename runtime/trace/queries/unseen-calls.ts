/**
 * A thread of Python's that is recorded as running may stand in a call of C that no hook sees: what
 * the system says of the thread's processor time tells the two apart, at the thread's end.
 */
import { FACT, LANGUAGE, numberSet } from '../format/kinds.ts';
import { pieceNs, type Piece } from '../graph/piece.ts';
import { State } from '../model/state.ts';
import type { Fact, Trace } from '../model/trace.ts';

const MIN_NS = 1e9;
const MAX_OWN_SHARE = 0.5;

/**
 * Whether a stretch of running was one. `stood`: the thread had too little of the processor;
 * `unknown`: the thread told nothing at its end, nor meanwhile.
 */
export type Seen = 'ran' | 'stood' | 'unknown';

export function seenOf(trace: Trace, piece: Piece): Seen {
  const lane = trace.tasks.lane[piece.task]!;
  const process = trace.processes[trace.tasks.process[piece.task]!]!;
  const ns = pieceNs(piece);
  if (process.language !== LANGUAGE.python || piece.callee !== undefined || ns < MIN_NS) return 'ran';
  const times = trace.threadTimes.timesOfLane(lane).at(-1);
  if (times !== undefined && times.t >= piece.toNs)
    return times.ranNs + times.delayedNs < ns * MAX_OWN_SHARE ? 'stood' : 'ran';
  const { rowState, rowSinceNs } = trace.tasks;
  const isLast = rowState[piece.row] === State.run && rowSinceNs[piece.row] === piece.spanNs;
  return isLast && times === undefined ? 'unknown' : 'ran';
}

/** How long the thread had the processor in all, ns. */
export const ranNsOf = (trace: Trace, { task }: Piece): number =>
  trace.threadTimes.timesOfLane(trace.tasks.lane[task]!).at(-1)?.ranNs ?? 0;

/** Where the piece's task stood when Ctrl-C ended it; undefined: that is not known. */
export const interruptedAt = (trace: Trace, { task, fromNs, toNs }: Piece): Fact | undefined =>
  trace.facts.find(
    (fact) => fact.what === FACT['stood-at'] && fact.task === task && fact.t >= fromNs && fact.t <= toNs,
  );

const NOT_WOKEN = numberSet(FACT, 'not-woken', 'wrong-thread');
/** The fact is written just before the task is ready. */
const MAX_APART_NS = 5e6;

/** Whether a row was ready while its event loop slept: it was woken by a way that tells no loop. */
export const isUnwoken = (trace: Trace, { row, fromNs }: Piece): boolean =>
  trace.facts.some(
    ({ what, task, t }) =>
      NOT_WOKEN.has(what) && task >= 0 && trace.rowOf(task) === row && Math.abs(t - fromNs) < MAX_APART_NS,
  );
