/** The *Path* tab: the critical path as a list, and where its time went. */
import { pieceNs, type Piece } from '../../../runtime/trace/graph/piece.ts';
import type { Interval } from '../../../runtime/trace/model/spans.ts';
import { whereTheTimeWent } from '../../../runtime/trace/queries/where.ts';
import { count, duration } from '../../../runtime/trace/words/duration.ts';
import { sitePart, taskPart } from '../../../runtime/trace/words/parts.ts';
import type { Sentence, SentencePart } from '../../../runtime/trace/words/sentence.ts';
import { describePause } from '../../../runtime/trace/words/span.ts';
import { describeTarget } from '../../../runtime/trace/words/wait.ts';
import type { PathView, PieceView } from '../../messages.ts';
import { cutPieces, type RunPath } from '../session/run-path.ts';
import type { Session } from '../session/session.ts';
import { whereViews } from './overview.ts';

const MAX_LISTED = 200;
const WHOLE = { run: 'the run', wait: 'the selected stretch', task: "the selected task's life" } as const;

/** @param range what is in view */
export function pathView(session: Session, { pieces, of }: RunPath, range: Interval): PathView {
  const { trace } = session;
  const inView = joined(cutPieces(pieces, range));
  const isWhole = inView.length > 0 && pieces.length > 0 && covers(range, pieces, session.firstNs);
  const what = isWhole ? WHOLE[of] : `what is in view of ${WHOLE[of]}`;
  const spent = whereTheTimeWent(trace, inView, what);
  return {
    of: what,
    words:
      inView.length === 0
        ? ['No part of the critical path is in view.']
        : [
            `${count(inView.length, 'piece')} in a row, ${duration(spent.wholeNs)}: the critical path of ${what}.`,
          ],
    where: whereViews(trace, spent.rows, spent.wholeNs),
    // The first ones in time are kept: the list reads from there.
    pieces: inView.slice(0, MAX_LISTED).map((piece) => pieceView(session, piece)),
    morePieces: Math.max(0, inView.length - MAX_LISTED),
  };
}

/** What lies before the program's first line may be out of view. */
const covers = ({ fromNs, toNs }: Interval, pieces: readonly Piece[], firstNs: number): boolean =>
  fromNs <= Math.max(firstNs, pieces[0]!.fromNs) && toNs >= pieces.at(-1)!.toNs;

/** Neighbours that say the same are one. */
function joined(pieces: readonly Piece[]): Piece[] {
  const out: Piece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    const isSame =
      last?.kind === piece.kind &&
      last.row === piece.row &&
      last.site === piece.site &&
      last.target === piece.target &&
      last.toNs === piece.fromNs;
    if (isSame) out[out.length - 1] = { ...last, toNs: piece.toNs };
    else out.push(piece);
  }
  return out;
}

function pieceView({ trace, firstNs }: Session, piece: Piece): PieceView {
  return {
    at: duration(Math.max(0, piece.fromNs - firstNs)),
    time: duration(pieceNs(piece)),
    kind: piece.kind,
    words: pieceWords(trace, piece),
    place: { task: piece.kind === 'unread' ? -1 : piece.row, atNs: piece.fromNs, untilNs: piece.toNs },
  };
}

function pieceWords(trace: Session['trace'], piece: Piece): Sentence {
  const { kind, row, site, reason, target } = piece;
  if (kind === 'unread') return ['earlier than what was looked at'];
  if (kind === 'idle') return ['no task of the program was under way'];
  const at: SentencePart[] = site < 0 ? [] : [' at ', sitePart(trace, site)];
  const task = taskPart(trace, row);
  switch (kind) {
    case 'run':
      return [task, ' ran', ...at, piece.callee === undefined ? '' : ` in ${piece.callee}`];
    case 'ready':
      return [task, ' was ready, but another had the thread'];
    case 'paused':
      return [task, ` ${describePause(reason)}`];
    case 'wait':
      return [task, ' waited', ...at, ...describeTarget(trace, { reason, target, site: -1 })];
  }
}
