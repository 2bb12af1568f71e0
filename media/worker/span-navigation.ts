/** From span to span: who woke it, whom it woke, what is next in this row or in any that is shown. */
import { State } from '../../runtime/trace/model/state.ts';
import { stateOf } from '../../runtime/trace/columns/classes.ts';
import type { Tracks } from '../../runtime/trace/columns/tracks.ts';
import type { Selected, Session } from './session.ts';

export interface Wake {
  readonly waker: number;
  readonly t: number;
}

/** What ended a wait, or brought a run about; null: none recorded. */
export function wakeOf(session: Session, selected: Selected): Wake | null {
  const { rows } = session.columns;
  const own = rows.span(selected.row, selected.index);
  const state = stateOf(own.code);
  if (state === State.wait) {
    if (selected.index + 1 >= rows.count(selected.row)) return null;
    const next = rows.span(selected.row, selected.index + 1);
    return stateOf(next.code) === State.ended ? null : wake(session, next.ref, next.startNs);
  }
  return state === State.run || state === State.ready ? wake(session, own.ref, own.startNs) : null;
}

function wake(session: Session, waker: number, t: number): Wake | null {
  return waker < 0 ? null : { waker: session.trace.rowOf(waker), t };
}

/** Most rows looked at for `woken`: a key press must not take long in a trace of a million tasks. */
const WOKEN_ROWS = 200_000;

/** The first span at or after the selected one's beginning that names its row as waker. */
export function wokenBy(session: Session, selected: Selected): { row: number; index: number } | null {
  const { rows } = session.columns;
  const own = rows.span(selected.row, selected.index);
  const untilNs = own.endNs ?? session.trace.endNs;
  let best: { row: number; index: number } | null = null;
  let bestNs = Number.POSITIVE_INFINITY;
  const most = Math.min(rows.rows, WOKEN_ROWS);
  for (let row = 0; row < most; row++) {
    if (row === selected.row || rows.count(row) === 0) continue;
    for (let i = Math.max(0, rows.at(row, own.startNs)); i < rows.count(row); i++) {
      const span = rows.span(row, i);
      if (span.startNs > untilNs || span.startNs >= bestNs) break;
      if (span.startNs < own.startNs || span.ref < 0) continue;
      const state = stateOf(span.code);
      if (state !== State.run && state !== State.ready) continue;
      if (session.trace.rowOf(span.ref) !== selected.row) continue;
      best = { row, index: i };
      bestNs = span.startNs;
      break;
    }
  }
  return best;
}

export function tracksOf(session: Session, kind: Selected['kind']): Tracks | null {
  return kind === 'task' ? session.columns.rows : kind === 'lane' ? session.columns.lanes : null;
}
