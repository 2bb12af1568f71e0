/**
 * Puts into a row's newest span, a wait, the reason that its end tells. Before the next span is appended: shares are
 * summed up over spans that have ended, and those of this one are summed up then.
 */
import { State, type StateNumber, type Target } from '../fold/observer.ts';
import { settledReason } from '../model/settled-reason.ts';
import type { Trace } from '../model/trace.ts';
import { packCode, reasonOf, stateOf } from './classes.ts';
import type { Tracks } from './tracks.ts';

/** @returns when the span began that is now of another reason; Infinity: nothing changed. */
export function reviseWait(
  trace: Trace,
  rows: Tracks,
  row: number,
  state: StateNumber,
  waker: number,
  cause: Target,
): number {
  const ended = state === State.run || state === State.ready;
  if (!ended || (waker < 0 && cause >= 0)) return Number.POSITIVE_INFINITY;
  const code = rows.newestCode(row);
  if (stateOf(code) !== State.wait) return Number.POSITIVE_INFINITY;
  const reason = settledReason(trace, reasonOf(code), waker, cause);
  if (reason === reasonOf(code)) return Number.POSITIVE_INFINITY;
  return rows.recodeNewest(row, packCode(State.wait, reason));
}
