/**
 * Which task each lane executes. A lane is a stack: an activation begins on top of its caller, and
 * a task that waits or ends gives the lane back to the one below. A caller below counts as running,
 * as in any debugger's stack; its run time is only the time on top, so each moment of a lane counts
 * once.
 */
import { FLAG, KINDS, flagReader } from '../format/kinds.ts';
import type { Lane, Trace } from '../model/trace.ts';
import type { Observers } from './observers.ts';
import type { RecordView } from './record.ts';

const laneKindOf = flagReader(KINDS.laneBegin.flags.kind);
const endKindOf = flagReader(KINDS.laneEnd.flags.how);

export class LaneStacks {
  readonly #trace: Trace;
  readonly #observers: Observers;

  constructor(trace: Trace, observers: Observers) {
    this.#trace = trace;
    this.#observers = observers;
  }

  /** The index of the record's lane; a lane exists from its first record on. */
  indexOf({ part, laneNumber }: RecordView, t: number): number {
    return part.lanes[laneNumber] ?? this.#add(part.lanes, part.process, laneNumber, t);
  }

  #add(lanes: number[], process: number, number: number, t: number): number {
    const index = this.#trace.lanes.length;
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
      stack: [],
      sinceNs: t,
      busyNs: 0,
      topNs: t,
    });
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

  endLane({ lane: index, t, flags }: RecordView): void {
    const lane = this.#trace.lanes[index]!;
    this.#clear(lane, t);
    lane.endNs = t;
    lane.endKind = endKindOf(flags);
  }

  push(index: number, t: number, task: number): void {
    const lane = this.#trace.lanes[index]!;
    if (lane.stack.length > 0) {
      lane.busyNs += Math.max(0, t - lane.sinceNs);
      this.#creditRun(lane, lane.stack[lane.stack.length - 1]!, t);
    }
    lane.stack.push(task);
    lane.sinceNs = t;
    lane.topNs = t;
    this.#observers.laneSwitched(index, t, task);
  }

  /** The task waits or ends; it stands on the lane no more. */
  remove(index: number, t: number, task: number): void {
    const lane = this.#trace.lanes[index]!;
    const { stack } = lane;
    if (stack.length > 0 && stack[stack.length - 1] === task) {
      this.#creditRun(lane, task, t);
      lane.topNs = t;
      stack.pop();
    } else {
      const at = stack.lastIndexOf(task);
      if (at < 0) return;
      const above = stack.length - 1 - at;
      this.#trace.addProblem(`${this.#trace.idOf(task)} leaves the lane from below ${above} others`);
      stack.splice(at, 1);
    }
    lane.busyNs += Math.max(0, t - lane.sinceNs);
    lane.sinceNs = t;
    this.#observers.laneSwitched(index, t, stack.length === 0 ? -1 : stack[stack.length - 1]!);
  }

  /** The lane is stopped from outside. @returns the task on top, which does not run; −1: none. */
  pause(index: number, t: number): number {
    const lane = this.#trace.lanes[index]!;
    const top = lane.stack.at(-1);
    if (top === undefined) return -1;
    this.#creditRun(lane, top, t);
    lane.topNs = Number.NaN;
    return top;
  }

  /** The lane goes on. @returns the task on top; −1: none. */
  resume(index: number, t: number): number {
    const lane = this.#trace.lanes[index]!;
    const top = lane.stack.at(-1);
    if (top === undefined) return -1;
    if (Number.isNaN(lane.topNs)) lane.topNs = t;
    return top;
  }

  #clear(lane: Lane, t: number): void {
    if (lane.stack.length === 0) return;
    this.#creditRun(lane, lane.stack[lane.stack.length - 1]!, t);
    lane.busyNs += Math.max(0, t - lane.sinceNs);
    lane.sinceNs = t;
    lane.stack.length = 0;
    this.#observers.laneSwitched(lane.index, t, -1);
  }

  /** The time for which the top of the stack ran goes to its row. */
  #creditRun(lane: Lane, top: number, t: number): void {
    const ns = t - lane.topNs;
    if (ns > 0) this.#trace.tasks.runNs[this.#trace.rowOf(top)]! += ns;
  }
}
