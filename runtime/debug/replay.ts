/**
 * Where a session stands in its recording, and the ways from there: each gives the place of a step,
 * or says that there is none that way. What a task does is read from its newest step.
 */
import { ACTIVATION_KIND, FLAG } from '../trace/format/kinds.ts';
import { rowsBehind } from '../trace/graph/wait-for.ts';
import { resourceOfTarget, taskOfTarget } from '../trace/model/state.ts';
import type { Trace } from '../trace/model/trace.ts';
import type { DebugRecording } from './recording.ts';
import { STEP, type StepLog } from './step-log.ts';
import { Timeline } from './timeline.ts';

/** A place in the timeline, and the row that one looks at there. */
export interface Stop {
  readonly place: number;
  readonly row: number;
}

/** `up`: to later steps; `down`: to earlier ones. */
export type Way = 'up' | 'down';

/** One that a step may go into. */
export interface StepInTarget {
  readonly row: number;
  readonly how: 'awaited' | 'woken' | 'begun';
}

const MAX_TARGETS = 50;

export class Replay {
  readonly recording: DebugRecording;
  readonly trace: Trace;
  readonly log: StepLog;
  readonly timeline: Timeline;
  /** The row that one looks at; −1: none has begun. */
  row = -1;

  /** @param process index in the trace; null: all */
  constructor(recording: DebugRecording, process: number | null) {
    this.recording = recording;
    this.trace = recording.trace;
    this.log = recording.log;
    this.timeline = new Timeline(recording.log, process);
  }

  get t(): number {
    return this.timeline.t;
  }

  goTo({ place, row }: Stop): void {
    this.timeline.moveTo(place);
    this.row = row >= 0 ? row : this.timeline.rowAt(this.timeline.at);
  }

  /**
   * Whether a person stops here while stepping: the task executes, or comes to an await, at a line.
   * What stands for a thread's main program begins and ends with no line of its own.
   */
  isStop(step: number): boolean {
    const { kind, task, site } = this.log;
    if (site[step]! < 0) return false;
    const { flags, kind: kinds } = this.trace.tasks;
    switch (kind[step]) {
      case STEP.begin:
        return (flags[task[step]!]! & FLAG.beginReady) === 0 && kinds[task[step]!] !== ACTIVATION_KIND.main;
      case STEP.end:
        return kinds[task[step]!] !== ACTIVATION_KIND.main;
      case STEP.call:
      case STEP.suspend:
      case STEP.resume:
      case STEP.use:
      case STEP.write:
        return true;
      default:
        return false;
    }
  }

  /** The first step of an activation that executes: a task of the library begins before it runs. */
  isFirstRun(step: number): boolean {
    const { log, trace } = this;
    const { flags, site } = trace.tasks;
    const task = log.task[step]!;
    if (task < 0) return false;
    const isLater = (flags[task]! & FLAG.beginReady) !== 0;
    if (log.kind[step] === STEP.begin) return !isLater;
    return isLater && log.kind[step] === STEP.resume && log.site[step] === site[task];
  }

  /** The next place up or down that is told of; null: there is none. */
  find(way: Way, isWanted: (step: number, place: number) => boolean, from = this.timeline.at): Stop | null {
    const { timeline } = this;
    const by = way === 'up' ? 1 : -1;
    for (let place = from + by; place >= 0 && place < timeline.count; place += by)
      if (isWanted(timeline.step(place), place)) return { place, row: timeline.rowAt(place) };
    return null;
  }

  /** The next step of this row. */
  stepOf(row: number, way: Way): Stop | null {
    return this.find(way, (step, place) => this.isStop(step) && this.timeline.rowAt(place) === row);
  }

  /** The same; beyond the end and the beginning of the row, the next step of any other. */
  stepOver(row: number, way: Way): Stop | null {
    const { timeline, log } = this;
    const newest = timeline.newestOf(row);
    const isOver = newest >= 0 && log.kind[newest] === STEP.end && log.task[newest] === row;
    if (way === 'up') return this.stepOf(row, way) ?? (isOver ? this.switchFrom(row, way) : null);
    return this.stepOf(row, way) ?? this.switchFrom(row, way);
  }

  /** The next step of another row. */
  switchFrom(row: number, way: Way): Stop | null {
    return this.find(way, (step, place) => this.isStop(step) && this.timeline.rowAt(place) !== row);
  }

  firstStop(): Stop | null {
    return this.find('up', (step) => this.isStop(step), -1);
  }

  lastStop(): Stop | null {
    return this.find('down', (step) => this.isStop(step), this.timeline.count);
  }

  /** The last step at or before a time, or else the first one. */
  stopAtTime(t: number, row = -1): Stop | null {
    const from = this.timeline.placeOfTime(t) + 1;
    const isWanted = (step: number, place: number): boolean =>
      this.isStop(step) && (row < 0 || this.timeline.rowAt(place) === row);
    return this.find('down', isWanted, from) ?? this.find('up', isWanted, from - 1);
  }

  /** The row that "PROCESS:NUMBER" names; −1: there is none. */
  rowOfId(id: string): number {
    const { tasks } = this.trace;
    const [process, number] = id.split(':').map(Number);
    for (let task = 0; task < tasks.count; task++)
      if (tasks.process[task] === process && tasks.id[task] === number) return this.trace.rowOf(task);
    return -1;
  }

  /** A time as a row sees it: also between two of its own steps. @param row −1: of any */
  momentOf(t: number, row: number): Stop | null {
    const stop = this.stopAtTime(t);
    if (row < 0 || stop === null) return stop;
    const { beganNs, endedNs } = this.trace.tasks;
    const isLiving = beganNs[row]! <= t && !(endedNs[row]! < t);
    return isLiving ? { place: stop.place, row } : stop;
  }

  /** The end of the frame, of the wait, or of the task: what the person waits for. */
  stepOut(row: number): Stop | null {
    const { log, trace, timeline } = this;
    const newest = timeline.newestOf(row);
    if (newest < 0) return null;
    const caller = trace.tasks.frameOf[log.task[newest]!]!;
    if (caller >= 0)
      return this.find('up', (step) => log.kind[step] === STEP.resume && log.task[step] === caller);
    if (log.kind[newest] === STEP.suspend || log.kind[newest] === STEP.woken)
      return this.find('up', (step) => log.kind[step] === STEP.resume && log.task[step] === row);
    const end = this.find('up', (step) => log.kind[step] === STEP.end && log.task[step] === row);
    if (end === null) return null;
    const isResumedByIt = (step: number): boolean =>
      log.kind[step] === STEP.resume && log.ref[step]! >= 0 && trace.rowOf(log.ref[step]!) === row;
    // Whoever waits for it is woken at once; what comes much later was not waiting.
    const awaiter = this.find('up', isResumedByIt, end.place);
    return awaiter ?? end;
  }

  /** Back to where the frame was called, or where the task was begun. */
  reverseStepOut(row: number): Stop | null {
    const { log, trace, timeline } = this;
    const newest = timeline.newestOf(row);
    if (newest < 0) return null;
    const frame = log.task[newest]!;
    if (trace.tasks.frameOf[frame]! >= 0)
      return this.find('down', (step) => log.kind[step] === STEP.call && log.ref[step] === frame);
    const parent = trace.tasks.parent[row]!;
    if (parent < 0) return null;
    const begin = this.find(
      'down',
      (step) => log.kind[step] === STEP.begin && log.task[step] === row,
      timeline.at + 1,
    );
    const creator = trace.rowOf(parent);
    const isCreators = (step: number, place: number): boolean =>
      this.isStop(step) && timeline.rowAt(place) === creator;
    return begin === null ? null : this.find('down', isCreators, begin.place);
  }

  /** Into its own deeper frame, else into who is awaited, woken or begun; else its next step. */
  stepIn(row: number): Stop | null {
    const next = this.stepOf(row, 'up');
    const at = this.timeline.step(Math.max(0, this.timeline.at));
    const isCall = this.log.kind[at] === STEP.call && this.timeline.rowAt(this.timeline.at) === row;
    if (isCall && next !== null) return next;
    for (const target of this.stepInTargets(row)) {
      const into = this.stepOf(target.row, 'up');
      if (into !== null) return into;
    }
    return next;
  }

  /** Who is awaited at this moment, and who is woken or begun before the row's next step. */
  stepInTargets(row: number): StepInTarget[] {
    const { log, trace, timeline } = this;
    const found = new Map<number, StepInTarget>();
    const add = (target: number, how: StepInTarget['how']): void => {
      if (target >= 0 && target !== row && !found.has(target)) found.set(target, { row: target, how });
    };
    const newest = timeline.newestOf(row);
    if (newest >= 0 && log.kind[newest] === STEP.suspend)
      for (const behind of this.behind(newest)) add(behind, 'awaited');
    const end = this.stepOf(row, 'up')?.place ?? timeline.count;
    for (let place = timeline.at + 1; place < end && found.size < MAX_TARGETS; place++) {
      const step = timeline.step(place);
      const kind = log.kind[step];
      if (kind !== STEP.woken && kind !== STEP.begin) continue;
      const by = log.ref[step]!;
      if (by >= 0 && trace.rowOf(by) === row)
        add(timeline.rowAt(place), kind === STEP.woken ? 'woken' : 'begun');
    }
    return [...found.values()];
  }

  /** Who woke the row from its last wait, when it did so; null: none was recorded. */
  wakerOf(row: number): Stop | null {
    const { log, trace, timeline } = this;
    const ofRow =
      (...kinds: readonly number[]) =>
      (step: number, place: number): boolean =>
        kinds.includes(log.kind[step]!) && timeline.rowAt(place) === row;
    const newest = timeline.newestOf(row);
    const isWaiting = newest >= 0 && log.kind[newest] === STEP.suspend;
    let wake = this.find(
      isWaiting ? 'up' : 'down',
      ofRow(STEP.woken, STEP.resume),
      timeline.at + (isWaiting ? 0 : 1),
    );
    // What woke it is told by the wake, where there is one, and again by the resumption.
    const before =
      wake === null || isWaiting ? null : this.find('down', ofRow(STEP.woken, STEP.suspend), wake.place);
    if (before !== null && log.kind[timeline.step(before.place)] === STEP.woken) wake = before;
    const by = wake === null ? -1 : log.ref[timeline.step(wake.place)]!;
    if (wake === null || by < 0) return null;
    const waker = trace.rowOf(by);
    const did = this.find(
      'down',
      (step, place) => this.isStop(step) && timeline.rowAt(place) === waker,
      wake.place,
    );
    return waker === row ? null : did;
  }

  /** The rows that hold, or work for, what this step suspends for. */
  behind(step: number): readonly number[] {
    const row = this.trace.rowOf(this.log.task[step]!);
    return rowsBehind(this.recording.source, this.log.target[step]!, this.t, row);
  }

  /** The living rows that wait for this one, or for a group that it belongs to. */
  awaiters(row: number): number[] {
    const { log, timeline } = this;
    const found: number[] = [];
    for (const other of timeline.living) {
      const newest = timeline.newestOf(other);
      if (other === row || log.kind[newest] !== STEP.suspend) continue;
      if (this.#isFor(log.target[newest]!, row)) found.push(other);
    }
    return found.sort((a, b) => a - b);
  }

  #isFor(target: number, row: number): boolean {
    const task = taskOfTarget(target);
    if (task >= 0) return this.trace.rowOf(task) === row;
    const group = this.trace.groups.get(resourceOfTarget(target));
    return (
      group?.members.some((member) => member > 0 && this.trace.rowOf(taskOfTarget(member)) === row) === true
    );
  }

  /** The living rows that wait for a resource, and have not got it by the call already. */
  waitersOf(resource: number): number[] {
    const { log, timeline } = this;
    const found: number[] = [];
    for (const row of timeline.living) {
      const newest = timeline.newestOf(row);
      if (log.kind[newest] !== STEP.suspend || log.ref[newest]! >= 0) continue;
      if (resourceOfTarget(log.target[newest]!) === resource) found.push(row);
    }
    return found.sort((a, b) => a - b);
  }

  /** The activations of a row at this moment, the innermost first; empty: it has not begun. */
  framesOf(row: number): number[] {
    const newest = this.timeline.newestOf(row);
    const frames: number[] = [];
    const { frameOf } = this.trace.tasks;
    for (let task = newest < 0 ? -1 : this.log.task[newest]!; task >= 0; task = frameOf[task]!)
      frames.push(task);
    return frames;
  }
}
