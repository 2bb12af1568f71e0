/**
 * A thread of Python's that is recorded as running may stand in a call of C that no hook sees: what
 * the system says of the thread's processor time tells the two apart, at the thread's end.
 */
import { FACT, LANGUAGE } from '../format/kinds.ts';
import { pieceNs, type Piece } from '../graph/piece.ts';
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
  return piece.toNs >= (process.endNs ?? trace.endNs) && times === undefined ? 'unknown' : 'ran';
}

/** How long the thread had the processor in all, ns. */
export const ranNsOf = (trace: Trace, { task }: Piece): number =>
  trace.threadTimes.timesOfLane(trace.tasks.lane[task]!).at(-1)?.ranNs ?? 0;

/** Where the piece's task stood when Ctrl-C ended it; undefined: that is not known. */
export const interruptedAt = (trace: Trace, { task, fromNs, toNs }: Piece): Fact | undefined =>
  trace.facts.find(
    (fact) => fact.what === FACT['stood-at'] && fact.task === task && fact.t >= fromNs && fact.t <= toNs,
  );
