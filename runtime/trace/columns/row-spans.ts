/** Every row's and lane's spans, 16 bytes each, so that waits of a large recording can be explained from the command line. */
import { KIND } from '../format/kinds.ts';
import { packCode, reasonOf, stateOf } from './classes.ts';
import { laneHolders } from './lane-holders.ts';
import { reviseWait } from './revise-wait.ts';
import { Tracks } from './tracks.ts';
import { State, type Observer, type StateNumber, type Target } from '../fold/observer.ts';
import { settledReason } from '../model/settled-reason.ts';
import type { Trace } from '../model/trace.ts';
import { nowOf } from '../model/times-so-far.ts';
import type { Holder, Span, SpanSource } from '../words/explain.ts';

export class RowSpans implements Observer, SpanSource {
  readonly #trace: Trace;
  readonly #tracks = new Tracks();
  readonly #lanes = new Tracks();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  changed(
    row: number,
    t: number,
    state: StateNumber,
    reason: number,
    ref: number,
    target: Target,
    last: StateNumber,
  ): void {
    if (last === State.wait) reviseWait(this.#trace, this.#tracks, row, state, ref, target);
    const why = state === State.wait ? settledReason(this.#trace, reason, -1, target) : reason;
    this.#tracks.append(row, t, packCode(state, why), ref, target);
  }

  absorbed(task: number): void {
    this.#tracks.release(task);
  }

  lane(lane: number, t: number, task: number): void {
    this.#lanes.append(lane, t, packCode(task < 0 ? State.unborn : State.run, 0), task, 0);
  }

  other(kind: number, flags: number, t: number, _task: number, _site: number, lane: number): void {
    if (kind !== KIND.pause && kind !== KIND.resume) return;
    const top = this.#trace.lanes[lane]?.stack.at(-1);
    if (top === undefined) return;
    const code = kind === KIND.pause ? packCode(State.paused, flags & 15) : packCode(State.run, 0);
    this.#lanes.append(lane, t, code, top, 0);
  }

  holders(lane: number, fromNs: number, toNs: number, leastNs: number): readonly Holder[] | null {
    return laneHolders(this.#trace, this.#lanes, lane, fromNs, toNs, leastNs);
  }

  spans(row: number, fromNs: number, toNs: number, limit: number): readonly Span[] | null {
    const found: Span[] = [];
    const count = this.#tracks.count(row);
    for (let i = Math.max(0, this.#tracks.at(row, fromNs)); i < count; i++) {
      const span = this.#tracks.span(row, i);
      if (span.startNs >= toNs) break;
      if (found.length === limit) return null;
      found.push({
        startNs: span.startNs,
        endNs: span.endNs ?? Math.max(span.startNs, nowOf(this.#trace, row)),
        state: stateOf(span.code),
        reason: reasonOf(span.code),
        ref: span.ref,
        target: span.target,
      });
    }
    return found;
  }
}
