/**
 * What the panel draws from: the observer of the fold that keeps, for each row, lane and
 * resource, its whole history in columns. It interprets nothing but the reason of a wait, which the wait's
 * end may tell: `revisedFromNs` says from where on what was painted may be out of date.
 */
import type { Observer, StateNumber, Target } from '../fold/observer.ts';
import { State } from '../fold/observer.ts';
import { KIND } from '../format/kinds.ts';
import { settledReason } from '../model/settled-reason.ts';
import type { Trace } from '../model/trace.ts';
import { packCode } from './classes.ts';
import { LevelTrack } from './levels.ts';
import { reviseWait } from './revise-wait.ts';
import { Tracks } from './tracks.ts';

export interface Lost {
  readonly process: number;
  /** −1: of the whole process. */
  readonly lane: number;
  readonly sinceNs: number;
  readonly untilNs: number;
  readonly count: number;
}

export class Columns implements Observer {
  /** By task index; a row that was absorbed has no spans. */
  readonly rows = new Tracks();
  /** By lane index: run with `ref` = the task that executes, or unborn. */
  readonly lanes = new Tracks();
  /** By resource index; undefined where no level was ever told. */
  readonly levels: (LevelTrack | undefined)[] = [];
  readonly losses: Lost[] = [];
  /** Grows whenever the set of rows may have changed: births, absorptions, ends. */
  generation = 0;
  /** The earliest time at which a span that was told before is now of another reason; whoever paints sets it to Infinity. */
  revisedFromNs = Number.POSITIVE_INFINITY;
  readonly #trace: Trace;

  /** @param trace the one that the fold fills which this observes. */
  constructor(trace: Trace) {
    this.#trace = trace;
  }

  began(): void {
    this.generation++;
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
    if (last === State.wait) {
      const fromNs = reviseWait(this.#trace, this.rows, row, state, ref, target);
      if (fromNs < this.revisedFromNs) this.revisedFromNs = fromNs;
    }
    const why = state === State.wait ? settledReason(this.#trace, reason, -1, target) : reason;
    this.rows.append(row, t, packCode(state, why), ref, target);
    if (state === State.ended) this.generation++;
  }

  absorbed(task: number): void {
    this.rows.release(task);
    this.generation++;
  }

  lane(lane: number, t: number, task: number): void {
    this.lanes.append(lane, t, packCode(task < 0 ? State.unborn : State.run, 0), task, 0);
  }

  other(kind: number, flags: number, t: number, _task: number, _site: number, lane: number): void {
    if (kind !== KIND.pause && kind !== KIND.resume) return;
    const top = this.#trace.lanes[lane]?.stack.at(-1);
    if (top === undefined) return;
    const code = kind === KIND.pause ? packCode(State.paused, flags & 15) : packCode(State.run, 0);
    this.lanes.append(lane, t, code, top, 0);
  }

  level(resource: number, t: number, level: number, by: number): void {
    let track = this.levels[resource];
    if (!track) {
      track = this.levels[resource] = new LevelTrack();
      this.generation++;
    }
    track.append(t, level, by);
  }

  lost(process: number, lane: number, sinceNs: number, untilNs: number, count: number): void {
    this.losses.push({ process, lane, sinceNs, untilNs, count });
  }
}
