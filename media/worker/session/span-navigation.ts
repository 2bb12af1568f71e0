/** From span to span: which task woke the selected one, and which span it woke itself. */
import { State } from '../../../runtime/trace/model/state.ts';
import { stateOf } from '../../../runtime/trace/columns/classes.ts';
import type { Tracks } from '../../../runtime/trace/columns/tracks.ts';
import type { Row } from './row-tree.ts';
import { taskSpan, type Selected, type Session } from './session.ts';

export interface Wake {
  readonly waker: number;
  readonly atNs: number;
}

/** What ended a wait or caused a run; null: no waker was recorded. */
export function wakeOf(session: Session, selected: Selected): Wake | null {
  const { rows } = session.columns;
  const span = rows.span(selected.row, selected.index);
  const state = stateOf(span.code);
  if (state === State.wait) {
    if (selected.index + 1 >= rows.count(selected.row)) return null;
    const next = rows.span(selected.row, selected.index + 1);
    return stateOf(next.code) === State.ended ? null : toWake(session, next.ref, next.startNs);
  }
  return state === State.run || state === State.ready ? toWake(session, span.ref, span.startNs) : null;
}

/** `waker` −1: none was recorded. */
function toWake(session: Session, waker: number, atNs: number): Wake | null {
  return waker < 0 ? null : { waker: session.trace.rowOf(waker), atNs };
}

/** Bounds the search of `firstWokenBy`: a key press must be quick with a million tasks, too. */
const MAX_WOKEN_ROWS = 200_000;

/**
 * The first span that begins while the selected span lasts and names its row as the waker; null:
 * there is none.
 */
export function firstWokenBy(session: Session, selected: Selected): Selected | null {
  const { rows } = session.columns;
  const waker = rows.span(selected.row, selected.index);
  const untilNs = waker.endNs ?? session.trace.endNs;
  let first: Selected | null = null;
  let firstNs = Number.POSITIVE_INFINITY;
  const rowCount = Math.min(rows.rows, MAX_WOKEN_ROWS);
  for (let row = 0; row < rowCount; row++) {
    if (row === selected.row || rows.count(row) === 0) continue;
    for (let i = Math.max(0, rows.at(row, waker.startNs)); i < rows.count(row); i++) {
      const span = rows.span(row, i);
      if (span.startNs > untilNs || span.startNs >= firstNs) break;
      if (span.startNs < waker.startNs || span.ref < 0) continue;
      const state = stateOf(span.code);
      if (state !== State.run && state !== State.ready) continue;
      if (session.trace.rowOf(span.ref) !== selected.row) continue;
      first = taskSpan(row, i);
      firstNs = span.startNs;
      break;
    }
  }
  return first;
}

/** null: rows of this kind have no spans. */
export function tracksOf(session: Session, kind: Selected['kind']): Tracks | null {
  return kind === 'task' ? session.columns.rows : kind === 'lane' ? session.columns.lanes : null;
}

/** Index of the row's span, or move of its level, at a time; −1: there is none. */
export function spanIndexAt(session: Session, row: Row, atNs: number): number {
  const tracks = tracksOf(session, row.kind);
  return tracks ? tracks.at(row.index, atNs) : (session.levelTrackOf(row)?.at(atNs) ?? -1);
}
