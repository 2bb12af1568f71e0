/**
 * Gives a row's newest span, a wait, the reason that its end tells. This comes before the next span
 * is appended: the shares of a span are summed up when the next one begins.
 */
import type { RowChange } from '../fold/observer.ts';
import { settledReason } from '../model/settled-reason.ts';
import { State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import { packCode, reasonOf, stateOf } from './classes.ts';
import type { Tracks } from './tracks.ts';

/** @returns when the span began that has another reason now; Infinity: nothing changed. */
export function reviseWait(trace: Trace, rows: Tracks, change: RowChange): number {
  const { row, state, ref: waker, target: cause } = change;
  const isOver = state === State.run || state === State.ready;
  if (!isOver || (waker < 0 && cause >= 0)) return Number.POSITIVE_INFINITY;
  const code = rows.newestCode(row);
  if (stateOf(code) !== State.wait) return Number.POSITIVE_INFINITY;
  const reason = settledReason(trace, reasonOf(code), waker, cause);
  if (reason === reasonOf(code)) return Number.POSITIVE_INFINITY;
  return rows.recodeNewest(row, packCode(State.wait, reason));
}
