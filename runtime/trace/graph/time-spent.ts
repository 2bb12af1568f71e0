/**
 * Where the time went: the pieces of a path summed up by line and by what was waited for. The sums
 * add up to the path's time.
 */
import { LANE_KIND, numberSet, RESOURCE_KIND } from '../format/kinds.ts';
import { resourceOfTarget, taskOfTarget } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import { pieceNs, type Piece, type PieceKind } from './piece.ts';

export interface TimeSpent {
  readonly kind: PieceKind;
  /** −1: not recorded. */
  readonly site: number;
  /** Of a wait: index in REASONS; of a pause: in PAUSES; else 0. */
  readonly reason: number;
  readonly ns: number;
  /** How many pieces; of waits how many of those: others may have had the thread in between. */
  readonly count: number;
  /** The longest piece: what the sum is shown by. */
  readonly longest: Piece;
  /** Timers of different lengths; one worker or process after another. */
  readonly isMixed: boolean;
}

/** Another thread or process, of which there may be one for each call. */
const OTHER_PROGRAMS = numberSet(RESOURCE_KIND, 'worker', 'child', 'exit');

interface Sum {
  ns: number;
  count: number;
  longest: Piece;
  last: Piece;
  isMixed: boolean;
}

/** The largest first. */
export function sumPieces(trace: Trace, pieces: readonly Piece[]): TimeSpent[] {
  const sums = new Map<string, Sum>();
  const others = otherProgramsBySite(trace, pieces);
  for (const piece of pieces) {
    const isOneOfMany =
      (others.get(piece.site)?.size ?? 0) > MAX_NAMED &&
      piece.kind === 'wait' &&
      isOtherProgram(trace, piece);
    const target = isOneOfMany ? 'others' : nameOfTarget(trace, piece);
    const key = `${piece.kind} ${piece.site} ${piece.reason} ${target} ${piece.callee ?? ''} ${workerOf(trace, piece)}`;
    const sum = sums.get(key);
    const ns = pieceNs(piece);
    if (sum === undefined) {
      sums.set(key, { ns, count: 1, longest: piece, last: piece, isMixed: false });
      continue;
    }
    sum.isMixed ||=
      (isTimer(trace, piece) || isOneOfMany) && targetName(trace, piece) !== targetName(trace, sum.longest);
    sum.ns += ns;
    // The pieces of one wait follow one another on the path.
    const isSameWait =
      piece.kind === 'wait' && piece.row === sum.last.row && piece.spanNs === sum.last.spanNs;
    if (!isSameWait) sum.count++;
    sum.last = piece;
    if (ns > pieceNs(sum.longest)) sum.longest = piece;
  }
  return [...sums.values()]
    .map(({ ns, count, longest, isMixed }) => {
      const { kind, site, reason } = longest;
      return { kind, site, reason, ns, count, longest, isMixed };
    })
    .sort((a, b) => b.ns - a.ns);
}

/** So many workers or processes that are made at a line are told by their names. */
const MAX_NAMED = 3;

/** The names of the threads and processes that were waited for at a line. */
function otherProgramsBySite(trace: Trace, pieces: readonly Piece[]): ReadonlyMap<number, Set<string>> {
  const bySite = new Map<number, Set<string>>();
  for (const piece of pieces) {
    if (piece.kind !== 'wait' || piece.site < 0 || !isOtherProgram(trace, piece)) continue;
    const names = bySite.get(piece.site);
    if (names) names.add(targetName(trace, piece));
    else bySite.set(piece.site, new Set([targetName(trace, piece)]));
  }
  return bySite;
}

/** The lane of a worker thread that executed the piece; −1: another thread, or none, did. */
export function workerOf({ lanes, tasks }: Trace, { kind, task }: Piece): number {
  const lane = kind === 'run' ? tasks.lane[task]! : -1;
  return lanes[lane]?.kind === LANE_KIND.worker ? lane : -1;
}

/** The timers of a line are like each other; a run at a line is not told apart by who ran there. */
function nameOfTarget(trace: Trace, piece: Piece): string {
  const task = taskOfTarget(piece.target);
  if (task >= 0) return trace.nameOf(trace.rowOf(task));
  return piece.site >= 0 && isTimer(trace, piece) ? 'a timer' : targetName(trace, piece);
}

const targetName = (trace: Trace, { target }: Piece): string =>
  trace.resources[resourceOfTarget(target)]?.name ?? '';

const isTimer = (trace: Trace, { target }: Piece): boolean =>
  trace.resources[resourceOfTarget(target)]?.kind === RESOURCE_KIND.timer;

const isOtherProgram = (trace: Trace, { target }: Piece): boolean =>
  OTHER_PROGRAMS.has(trace.resources[resourceOfTarget(target)]?.kind ?? 0);
