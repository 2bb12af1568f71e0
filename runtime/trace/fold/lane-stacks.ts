/**
 * Which task each lane executes. A lane is a stack: an activation begins on top of its caller, and
 * a task that waits or ends gives the lane back to the one below. A caller below counts as running,
 * as in any debugger's stack; its run time is only the time on top, so each moment of a lane counts
 * once.
 */
import { FLAG, KINDS, flagReader } from '../format/kinds.ts';
import { mayAdd } from '../model/budget.ts';
import { lossAfter } from '../model/known-until.ts';
import type { Lane, Trace } from '../model/trace.ts';
import type { Observers } from './observers.ts';
import type { RecordView } from './record.ts';
import { isUnordered, isWithin } from './time-base.ts';

const laneKindOf = flagReader(KINDS.laneBegin.flags.kind);
const endKindOf = flagReader(KINDS.laneEnd.flags.how);

/** A link of a stack: no task. */
const NONE = -1;

export class LaneStacks {
  readonly #trace: Trace;
  readonly #observers: Observers;
  /**
   * The stacks, as lists through their tasks, so that a task may leave from anywhere at the same
   * cost. By task: what is below it on its lane, + 2 (1: nothing; 0: the task stands on no lane),
   * and the task above, which means nothing of the task on top.
   */
  #below = new Int32Array(1024);
  #above = new Int32Array(1024);

  constructor(trace: Trace, observers: Observers) {
    this.#trace = trace;
    this.#observers = observers;
  }

  /**
   * The index of the record's lane; a lane exists from its first record on. −1: the trace holds no
   * more lanes.
   */
  indexOf(record: RecordView, t: number): number {
    return record.part.lanes[record.laneNumber] ?? this.#add(record, t);
  }

  #add({ part: { lanes, process }, laneNumber: number, kind }: RecordView, time: number): number {
    const index = this.#trace.lanes.length;
    // Without a time of its own it was there from the start.
    const t = isWithin(time) ? time : 0;
    if (!mayAdd(this.#trace, 'lanes', index)) return NONE;
    this.#trace.lanes.push({
      index,
      process,
      number,
      kind: 0,
      name: '',
      osThread: 0,
      sharesGil: false,
      startNs: t,
      endNs: null,
      endKind: 0,
      endedBy: NONE,
      endSite: NONE,
      top: NONE,
      sinceNs: t,
      busyNs: 0,
      topNs: t,
    });
    // What the helper thread tells of it may come before what the lane itself had stamped earlier.
    this.#trace.addLaneTime(isUnordered(kind) ? 0 : t);
    lanes[number] = index;
    return index;
  }

  beginLane({ lane: index, t, flags, a, b, part }: RecordView): void {
    const lane = this.#trace.lanes[index]!;
    lane.kind = laneKindOf(flags);
    lane.sharesGil = (flags & FLAG.laneSharesGil) !== 0;
    lane.osThread = a;
    lane.name = part.definitions.textOf(b);
    lane.startNs = t;
    lane.endNs = null;
    lane.endKind = 0;
  }

  endLane({ lane: index, t, flags, task, b, part: { definitions } }: RecordView): void {
    const lane = this.#trace.lanes[index]!;
    lane.endedBy = definitions.task(task);
    lane.endSite = b === 0 ? NONE : definitions.siteIndex(b);
    this.#clear(lane, t);
    lane.endNs = t;
    lane.endKind = endKindOf(flags);
  }

  /** The task, whose lane this is, runs above what the lane executed so far. */
  push(index: number, t: number, task: number): void {
    const lane = this.#trace.lanes[index]!;
    const { top } = lane;
    if (top >= 0) {
      lane.busyNs += Math.max(0, t - lane.sinceNs);
      this.#creditRun(lane, top, t);
      this.#above[top] = task;
    }
    this.#below[task] = top + 2;
    lane.top = task;
    lane.sinceNs = t;
    lane.topNs = t;
    this.#observers.laneSwitched(index, t, task);
  }

  /** The task waits or ends; it stands on its lane no more. */
  remove(t: number, task: number): void {
    const below = this.#below[task]! - 2;
    if (below < NONE) return;
    const index = this.#trace.tasks.lane[task]!;
    const lane = this.#trace.lanes[index]!;
    this.#below[task] = 0;
    if (lane.top === task) {
      this.#creditRun(lane, task, t);
      lane.topNs = t;
      lane.top = below;
    } else {
      this.#trace.addProblem(`${this.#trace.idOf(task)} leaves the lane from below others`);
      const above = this.#above[task]!;
      this.#below[above] = below + 2;
      if (below >= 0) this.#above[below] = above;
    }
    lane.busyNs += Math.max(0, t - lane.sinceNs);
    lane.sinceNs = t;
    this.#observers.laneSwitched(index, t, lane.top);
  }

  /** The lane is stopped from outside. @returns the task on top, which does not run; −1: none. */
  pause(index: number, t: number): number {
    const lane = this.#trace.lanes[index]!;
    if (lane.top < 0) return NONE;
    this.#creditRun(lane, lane.top, t);
    lane.topNs = Number.NaN;
    return lane.top;
  }

  /** The lane goes on. @returns the task on top; −1: none. */
  resume(index: number, t: number): number {
    const lane = this.#trace.lanes[index]!;
    if (lane.top >= 0 && Number.isNaN(lane.topNs)) lane.topNs = t;
    return lane.top;
  }

  #clear(lane: Lane, t: number): void {
    if (lane.top < 0) return;
    this.#creditRun(lane, lane.top, t);
    lane.busyNs += Math.max(0, t - lane.sinceNs);
    lane.sinceNs = t;
    for (let task = lane.top; task >= 0;) {
      const below = this.#below[task]! - 2;
      this.#below[task] = 0;
      task = below;
    }
    lane.top = NONE;
    this.#observers.laneSwitched(lane.index, t, NONE);
  }

  /**
   * The time for which the top of the stack ran goes to its row. Where records are missing the row
   * may have left the lane long ago: it is not known to have run after that.
   */
  #creditRun(lane: Lane, top: number, t: number): void {
    const row = this.#trace.rowOf(top);
    const loss = lossAfter(this.#trace, row);
    const ns = (loss === null ? t : Math.min(t, loss.sinceNs)) - lane.topNs;
    if (ns > 0) this.#trace.tasks.runNs[row]! += ns;
  }

  /** Makes room for so many tasks. */
  grow(capacity: number): void {
    const grown = (old: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
      const bigger = new Int32Array(capacity);
      bigger.set(old);
      return bigger;
    };
    this.#below = grown(this.#below);
    this.#above = grown(this.#above);
  }
}
