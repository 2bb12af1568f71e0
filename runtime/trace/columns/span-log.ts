/**
 * Every row's and lane's spans, 16 bytes each: what the panel draws, and what waits of a large
 * recording are explained from. It interprets nothing but the reason of a wait, which the wait's
 * end may tell: `revisedFromNs` says from where on an earlier picture may be out of date.
 */
import type { Observer, RowChange } from '../fold/observer.ts';
import { settledReason } from '../model/settled-reason.ts';
import type { Holder, IndexedSpans, Interval, LaneSpan, Span, SpanSource } from '../model/spans.ts';
import { State } from '../model/state.ts';
import { laneNowOf, nowOf } from '../model/known-until.ts';
import type { Loss } from '../model/losses.ts';
import type { Trace } from '../model/trace.ts';
import { packCode, reasonOf, stateOf } from './classes.ts';
import { laneHolders } from './lane-holders.ts';
import { reviseWait } from './revise-wait.ts';
import { Tracks, type TrackSpan } from './tracks.ts';

export class SpanLog implements Observer, SpanSource, IndexedSpans {
  /** By task index; a row that was absorbed has no spans. */
  readonly rows = new Tracks();
  /** By lane index: run with `ref` = the task that executes, or unborn. */
  readonly lanes = new Tracks();
  /** Grows whenever the set of rows may have changed: begins, absorptions, ends. */
  generation = 0;
  /**
   * The earliest time at which a span that was told before has another reason now. A painter sets
   * it to Infinity.
   */
  revisedFromNs = Number.POSITIVE_INFINITY;
  #hasLosses = false;
  protected readonly trace: Trace;

  /** @param trace the one that the observed fold fills. */
  constructor(trace: Trace) {
    this.trace = trace;
  }

  rowChanged(change: RowChange): void {
    const { row, t, state, last, ref, target } = change;
    if (last === State.wait && (ref >= 0 || target < 0)) {
      const fromNs = reviseWait(this.trace, this.rows, change);
      if (fromNs < this.revisedFromNs) this.revisedFromNs = fromNs;
    }
    if (this.#hasLosses) this.#reviseAfterLoss(row);
    const reason =
      state === State.wait ? settledReason(this.trace, change.reason, -1, target) : change.reason;
    this.rows.append(row, t, packCode(state, reason), ref, target);
    if (state === State.ended) this.generation++;
  }

  /** What is shown of the row's last span ended where records were lost: now its end is known. */
  #reviseAfterLoss(row: number): void {
    const { lane, process } = this.trace.tasks;
    const sinceNs = this.rows.newestNs(row);
    if (this.trace.losses.firstAfter(process[row]!, lane[row]!, sinceNs) === null) return;
    if (sinceNs < this.revisedFromNs) this.revisedFromNs = sinceNs;
  }

  /** Up to when the row's last span is known to have lasted. */
  rowUntilNs(row: number): number {
    return Math.max(this.rows.newestNs(row), nowOf(this.trace, row));
  }

  /** Up to when the lane's last span is known to have lasted. */
  laneUntilNs(lane: number): number {
    return Math.max(this.lanes.newestNs(lane), laneNowOf(this.trace, this.trace.lanes[lane]!));
  }

  recordsLost({ sinceNs }: Loss): void {
    this.#hasLosses = true;
    if (sinceNs < this.revisedFromNs) this.revisedFromNs = sinceNs;
  }

  taskAbsorbed(task: number): void {
    this.rows.release(task);
    this.generation++;
  }

  taskBegan(): void {
    this.generation++;
  }

  laneSwitched(lane: number, t: number, task: number): void {
    this.lanes.append(lane, t, packCode(task < 0 ? State.unborn : State.run, 0), task, 0);
  }

  lanePaused(lane: number, t: number, pause: number, top: number): void {
    this.lanes.append(lane, t, packCode(State.paused, pause), top, 0);
  }

  laneResumed(lane: number, t: number, top: number): void {
    this.lanes.append(lane, t, packCode(State.run, 0), top, 0);
  }

  holders(lane: number, interval: Interval, minNs: number): readonly Holder[] | null {
    return laneHolders(this.trace, this.lanes, lane, interval, minNs);
  }

  spans(row: number, fromNs: number, toNs: number, limit: number): readonly Span[] | null {
    const found: Span[] = [];
    const count = this.rows.count(row);
    for (let i = Math.max(0, this.rows.at(row, fromNs)); i < count; i++) {
      const span = this.rows.span(row, i);
      if (span.startNs >= toNs) break;
      if (found.length === limit) return null;
      found.push(this.#unpack(row, span));
    }
    return found;
  }

  indexBefore(row: number, t: number): number {
    return this.rows.at(row, t - 1);
  }

  spanAt(row: number, index: number): Span | null {
    if (index < 0 || index >= this.rows.count(row)) return null;
    return this.#unpack(row, this.rows.span(row, index));
  }

  laneIndexBefore(lane: number, t: number): number {
    return this.lanes.at(lane, t - 1);
  }

  laneSpanAt(lane: number, index: number): LaneSpan | null {
    if (index < 0 || index >= this.lanes.count(lane)) return null;
    const span = this.lanes.span(lane, index);
    const state = stateOf(span.code);
    return {
      startNs: span.startNs,
      endNs: span.endNs ?? Math.max(span.startNs, this.laneUntilNs(lane)),
      task: state === State.unborn ? -1 : span.ref,
      isPaused: state === State.paused,
    };
  }

  #unpack(row: number, { startNs, endNs, code, ref, target }: TrackSpan): Span {
    return {
      startNs,
      endNs: endNs ?? Math.max(startNs, nowOf(this.trace, row)),
      state: stateOf(code),
      reason: reasonOf(code),
      ref,
      target,
    };
  }
}
