/**
 * The end of a wait for which what was waited for was there, and the thread was held by others:
 * that time is theirs. A timer is there from its time on, a message from when it was sent. Of other
 * things it is not known; where code was seen to hold the thread up to the end of the wait, its
 * answer could not be taken before.
 */
import { HOLD } from '../format/kinds.ts';
import { isPeer } from '../model/peers.ts';
import { resourceOfTarget } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import { pieceNs, type Piece } from './piece.ts';
import type { SpansBefore } from './row-spans.ts';
import { byLinesSeen } from './seen-at-work.ts';
import { timerNs } from './world.ts';

/** Between the end of a hold and the wait's. */
const MAX_GAP_NS = 2e6;
/** Shorter delays are a timer's own. */
const MIN_LATE_NS = 2e6;
/** Stretches of the thread that are looked at. */
const MAX_STRETCHES = 1000;

/**
 * @param wait a piece; of a message, from when it was sent
 * @returns the pieces of its late end, the newest first; none: it has none
 */
export function latePieces(trace: Trace, spans: SpansBefore, wait: Piece): Piece[] {
  const lane = trace.tasks.lane[wait.row]!;
  const sinceNs = lateSince(trace, lane, wait);
  if (wait.toNs - sinceNs < MIN_LATE_NS) return [];
  const pieces: Piece[] = [];
  let t = wait.toNs;
  let stretches = 0;
  /** Nothing that was recorded had the thread: what was seen at work, or the wait itself. */
  const addUnrecorded = (fromNs: number): void => {
    if (fromNs >= t) return;
    const seen = byLinesSeen(trace, lane, { ...wait, kind: 'run', site: -1, fromNs, toNs: t });
    pieces.push(
      ...seen.map((piece) => (piece.site < 0 ? { ...piece, kind: wait.kind, site: wait.site } : piece)),
    );
    t = fromNs;
  };
  for (const { startNs, endNs, task } of spans.laneSpansBefore(lane, wait.toNs)) {
    if (endNs <= sinceNs || stretches++ > MAX_STRETCHES) break;
    if (task < 0) continue;
    addUnrecorded(Math.max(sinceNs, Math.min(endNs, t)));
    const fromNs = Math.max(sinceNs, startNs);
    if (fromNs >= t) continue;
    const run = {
      row: trace.rowOf(task),
      task,
      site: trace.tasks.site[task]!,
      reason: 0,
      target: 0,
    } as const;
    const piece: Piece = { ...run, kind: 'run', spanNs: startNs, fromNs, toNs: t };
    pieces.push(...byLinesSeen(trace, lane, piece));
    t = fromNs;
  }
  addUnrecorded(sinceNs);
  const heldNs = pieces.reduce((sum, piece) => (piece.kind === 'run' ? sum + pieceNs(piece) : sum), 0);
  return heldNs < MIN_LATE_NS ? [] : pieces;
}

function lateSince(trace: Trace, lane: number, { target, fromNs, toNs }: Piece): number {
  const resource = resourceOfTarget(target);
  const dueNs = timerNs(trace, resource);
  if (isPeer(trace, resource)) return fromNs;
  if (dueNs > 0) return Math.max(fromNs, trace.resources[resource]!.beganNs + dueNs);
  const last = trace.holds
    .within(lane, fromNs, toNs)
    .filter(({ kind, site }) => site >= 0 && kind !== HOLD.starved)
    .sort((a, b) => b.untilNs - a.untilNs)
    .find(({ untilNs }) => untilNs >= toNs - MAX_GAP_NS);
  return last === undefined ? toNs : Math.max(fromNs, last.sinceNs);
}
