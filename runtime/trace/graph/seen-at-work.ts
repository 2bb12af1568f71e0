/**
 * Long runs by the lines that were seen at work in them: by samples of the stack, and by calls that
 * are known to block. What was not seen stays the run's own.
 */
import { HOLD } from '../format/kinds.ts';
import type { Hold } from '../model/holds.ts';
import type { Trace } from '../model/trace.ts';
import { pieceNs, type Piece } from './piece.ts';

/** Shorter runs are not looked into by the agent either. */
const MIN_RUN_NS = 10e6;

/** @param piece a run. @returns pieces that cover it, the newest first */
export function byLinesSeen(trace: Trace, lane: number, piece: Piece): Piece[] {
  if (trace.holds.count === 0 || pieceNs(piece) < MIN_RUN_NS) return [piece];
  const holds = trace.holds
    .within(lane, piece.fromNs, piece.toNs)
    .filter((hold) => hold.site >= 0 && hold.kind !== HOLD.starved)
    .sort((a, b) => b.untilNs - a.untilNs);
  const pieces: Piece[] = [];
  let t = piece.toNs;
  const addBack = (sinceNs: number, hold: Hold | null): void => {
    const fromNs = Math.max(piece.fromNs, sinceNs);
    if (fromNs >= t) return;
    const seen = hold === null ? {} : { site: hold.site, ...(hold.callee && { callee: hold.callee }) };
    pieces.push({ ...piece, ...seen, fromNs, toNs: t });
    t = fromNs;
  };
  for (const hold of holds) {
    addBack(hold.untilNs, null);
    addBack(hold.sinceNs, hold);
  }
  addBack(piece.fromNs, null);
  return pieces;
}
