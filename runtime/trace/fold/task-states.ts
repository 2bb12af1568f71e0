/**
 * The state machine of tasks and of the rows that speak for them.
 *
 *            begin                 wait                wake
 *   unborn ─────────▶ run ─────────────────▶ wait ───────────▶ ready
 *      │   begin ready │ ▲                    │  run             │ run
 *      └──────▶ ready ─┘ └────────────────────┴──────────────────┘        any ── end ──▶ ended
 *
 * An activation that its caller awaits at once (the caller's next record is a wait for it, written
 * `await f()`) is a *frame* of the caller's row: it is absorbed, and the row does what its deepest
 * frame does. A generator that rests at a `yield` does nothing: its caller's row goes on without
 * it, and the rest is nobody's wait. What cannot be is counted as a problem and taken as well as it
 * can be.
 */
import { ACTIVATION_KIND, FLAG, KINDS, OUTCOME, REASON, flagReader } from '../format/kinds.ts';
import { BUDGET, mayAdd } from '../model/budget.ts';
import { countedSince } from '../model/counted-since.ts';
import { settledTarget } from '../model/settled-reason.ts';
import { State, type StateNumber, type Target, resourceOfTarget, taskOfTarget } from '../model/state.ts';
import type { TaskTable, Trace } from '../model/trace.ts';
import { isResource, thingIndex } from './definitions.ts';
import type { LaneStacks } from './lane-stacks.ts';
import type { Observers } from './observers.ts';
import type { Part } from './part.ts';
import type { RecordView } from './record.ts';

const activationKindOf = flagReader(KINDS.activationBegin.flags.kind);
const waitReasonOf = flagReader(KINDS.wait.flags.reason);
const outcomeOf = flagReader(KINDS.activationEnd.flags.outcome);
const starvedOf = flagReader(KINDS.activationEnd.flags.starved);
/** A generator rests at a `yield`. */
const CONSUMER = REASON.consumer;
const BEGIN_FLAGS = FLAG.beginReady | FLAG.beginUnawaited;

export class TaskStates {
  readonly #trace: Trace;
  readonly #tasks: TaskTable;
  readonly #lanes: LaneStacks;
  readonly #observers: Observers;
  /** By task: the child that began last, + 1; 0 once the task wrote a record after that. */
  #lastChild = new Int32Array(1024);
  /** By task: when the wait that goes on was woken; NaN: not yet. */
  #wokenNs = new Float64Array(1024);

  /** Records are missing somewhere. */
  #hasLosses = false;
  /** Of some processes the beginning was let go. */
  #hasCheckpoints = false;
  /** Bodies of modules. */
  readonly #modules: number[] = [];

  constructor(trace: Trace, lanes: LaneStacks, observers: Observers) {
    this.#trace = trace;
    this.#tasks = trace.tasks;
    this.#lanes = lanes;
    this.#observers = observers;
  }

  beginTask(record: RecordView): void {
    const { part, task: id, t, lane, flags } = record;
    const { definitions } = part;
    if (id === 0 || definitions.isKnown(id)) {
      const trouble = id === 0 ? 'means none' : 'is taken';
      this.#trace.addProblem(`an activation begins with the id ${id}, which ${trouble}`);
      return;
    }
    if (this.#tasks.count >= BUDGET.tasks.max && !mayAdd(this.#trace, 'tasks', this.#tasks.count)) return;
    const task = this.#addTask(record);
    const parent = this.#tasks.parent[task]!;
    if (parent >= 0) this.#lastChild[parent] = task + 1;
    this.#observers.taskBegan(task, t);
    if ((flags & FLAG.beginReady) !== 0 || part.isRestoring) {
      this.#tasks.state[task] = State.ready;
      this.#setRow(task, t, State.ready, 0, parent, 0);
    } else {
      this.#tasks.state[task] = State.run;
      this.#lanes.push(lane, t, task);
      this.#setRow(task, t, State.run, 0, parent, 0);
    }
  }

  #addTask({ part, task: id, t, lane, a, b, c, d, flags }: RecordView): number {
    const tasks = this.#tasks;
    const { definitions } = part;
    const task = tasks.add();
    this.#grow(task);
    // Before the task is known by its id: none is its own parent, so every way upwards ends.
    const parent = definitions.task(a);
    definitions.defineTask(id, task);
    tasks.id[task] = id;
    tasks.process[task] = part.process;
    tasks.lane[task] = lane;
    tasks.parent[task] = parent;
    tasks.frameOf[task] = -1;
    tasks.rowLink[task] = -1;
    tasks.leaf[task] = task;
    tasks.kind[task] = activationKindOf(flags);
    tasks.flags[task] = flags & BEGIN_FLAGS;
    tasks.name[task] = definitions.textIndex(c);
    tasks.site[task] = definitions.siteIndex(b);
    this.#trace.assignOrdinal(task);
    if (tasks.kind[task] === ACTIVATION_KIND.module) this.#modules.push(task);
    tasks.resource[task] = definitions.resource(d);
    tasks.error[task] = -1;
    tasks.endSite[task] = -1;
    tasks.canceller[task] = -1;
    tasks.droppedAt[task] = -1;
    tasks.madeAt[task] = -1;
    tasks.waitSite[task] = -1;
    tasks.waker[task] = -1;
    tasks.beganNs[task] = t;
    tasks.endedNs[task] = Number.NaN;
    tasks.sinceNs[task] = t;
    tasks.rowSinceNs[task] = t;
    this.#wokenNs[task] = Number.NaN;
    return task;
  }

  /** @param waitFlags the flags byte of a wait record: reason, direct, yield. */
  beginWait(record: RecordView, t: number, site: number, target: Target, waitFlags: number): void {
    const { part, task: id } = record;
    const task = this.#livingTask(part, id, 'waits');
    if (task < 0) return;
    const tasks = this.#tasks;
    if (tasks.state[task] !== State.run && !part.isRestoring)
      this.#trace.addProblem(`task ${id} waits without having run`);
    this.#lanes.remove(t, task);

    const child = taskOfTarget(target);
    const isAwaitedAtOnce =
      child >= 0 &&
      (waitFlags & FLAG.waitDirect) !== 0 &&
      (this.#lastChild[task] === child + 1 || part.isRestoring) &&
      tasks.frameOf[child]! < 0 &&
      tasks.parent[child] === task;
    this.#lastChild[task] = 0;
    this.#wokenNs[task] = Number.NaN;
    tasks.state[task] = (waitFlags & FLAG.waitYield) !== 0 ? State.ready : State.wait;
    tasks.reason[task] = waitReasonOf(waitFlags);
    tasks.waitSite[task] = site;
    tasks.target[task] = target;
    tasks.sinceNs[task] = t;
    tasks.waker[task] = -1;
    tasks.gave[task] = -1;

    const row = this.#trace.rowOf(task);
    if (isAwaitedAtOnce) this.#absorb(child, task, row);
    const isBusy = child >= 0 && tasks.state[child] !== State.ended && !this.#rests(child);
    if (isBusy && !isAwaitedAtOnce && tasks.frameOf[child] === task) this.#observers.frameAwaited(child);
    if (isBusy && isAwaitedAtOnce && tasks.leaf[row] === task) {
      const leaf = tasks.leaf[child]!;
      tasks.leaf[row] = leaf;
      this.#rowLikeLeaf(row, leaf, t);
    } else if (this.#rests(task) && tasks.frameOf[task]! >= 0) this.#leaveFrame(task, t);
    else if (tasks.leaf[row] === task) this.#rowLikeLeaf(row, task, t);
    this.#observers.taskSuspended(task, t);
  }

  /** Of the wait that has just begun: the type of the value that came with it. */
  noteGiven({ part, task: id, c }: RecordView): void {
    const task = part.definitions.task(id);
    if (task >= 0) this.#tasks.gave[task] = part.definitions.textIndex(c);
  }

  #rests(task: number): boolean {
    const state = this.#tasks.state[task];
    return this.#tasks.reason[task] === CONSUMER && (state === State.wait || state === State.ready);
  }

  #absorb(child: number, caller: number, row: number): void {
    const tasks = this.#tasks;
    tasks.frameOf[child] = caller;
    tasks.rowLink[child] = row;
    this.#trace.releaseOrdinal(child);
    this.#trace.cancels.absorb(child, row);
    // Until its caller came to await it, the child ran as a row of its own.
    tasks.runNs[row]! += tasks.runNs[child]!;
    this.#observers.taskAbsorbed(child, row);
  }

  wake(id: number, part: Part, t: number, waker: number, target: Target): void {
    const task = part.definitions.task(id);
    if (task < 0) {
      this.#trace.addUnknownId(part.process, `the unknown task ${id} is woken`);
      return;
    }
    const tasks = this.#tasks;
    // Two things may settle the same wait: the second wake says nothing.
    if (tasks.state[task] !== State.wait) return;
    const by = waker >= 0 ? waker : this.#senderOf(task, target, t);
    tasks.state[task] = State.ready;
    tasks.waker[task] = by;
    // Another lane's clock may be read a little earlier than this wait's beginning.
    this.#wokenNs[task] = Math.max(t, tasks.sinceNs[task]!);
    const row = this.#trace.rowOf(task);
    if (tasks.leaf[row] === task) this.#setRow(row, t, State.ready, 0, by, target);
  }

  /**
   * Who sent what has come from another thread or process, and has ended the task's wait; −1: it is
   * not known, or its records are still to be read.
   */
  #senderOf(task: number, target: Target, t: number): number {
    const { heard } = this.#trace.links;
    const last = heard.last(resourceOfTarget(target));
    if (last === undefined) return -1;
    heard.noteWake(this.#trace.rowOf(task), last, t);
    return last.link.sender;
  }

  /** @param got the type of the value that it goes on with, a text; −1: unknown */
  run({ part, task: id, lane, t }: RecordView, waker: number, target: Target, got = -1): void {
    const task = this.#livingTask(part, id, 'runs');
    if (task < 0) return;
    const tasks = this.#tasks;
    if (tasks.state[task] === State.run) {
      this.#trace.addProblem(`task ${id} runs and is running already`);
      return;
    }
    const isPassed = tasks.state[task] === State.ready && Number.isNaN(this.#wokenNs[task]!);
    if (isPassed && tasks.target[task]! < 0) this.#observers.waitPassed(task, t);
    this.#endWait(task, t, waker, target, got);
    tasks.state[task] = State.run;
    tasks.lane[task] = lane;
    this.#lastChild[task] = 0;
    this.#lanes.push(lane, t, task);
    const row = this.#trace.rowOf(task);
    tasks.leaf[row] = task;
    this.#setRow(row, t, State.run, 0, waker >= 0 ? waker : tasks.waker[task]!, target);
    this.#observers.taskResumed(task, t);
  }

  endTask({ part, task: id, t, a, b, c, d, flags }: RecordView): void {
    const task = this.#livingTask(part, id, 'ends');
    if (task < 0) return;
    const tasks = this.#tasks;
    const canceller = part.definitions.task(c);
    // A rejection that the task did not catch ends it out of its wait: it never runs again.
    if (tasks.state[task] === State.wait || tasks.state[task] === State.ready) this.#endWait(task, t, -1, 0);
    else this.#lanes.remove(t, task);
    tasks.state[task] = State.ended;
    tasks.outcome[task] = outcomeOf(flags);
    tasks.error[task] = part.definitions.textIndex(a);
    tasks.endSite[task] = part.definitions.siteIndex(b);
    if (canceller >= 0) tasks.canceller[task] = canceller;
    tasks.cpuUs[task] = d;
    tasks.starved[task] = starvedOf(flags);
    tasks.isLocked[task] = (flags & FLAG.endLocked) === 0 ? 0 : 1;
    tasks.endedNs[task] = Math.max(t, tasks.beganNs[task]!, tasks.rowSinceNs[task]!);
    if (tasks.frameOf[task]! < 0) this.#setRow(task, t, State.ended, outcomeOf(flags), -1, 0);
    else this.#leaveFrame(task, t);
    this.#observers.taskEnded(task, t);
  }

  /** A frame ended or gave a value: its caller, which waited for that, can go on. */
  #leaveFrame(frame: number, t: number): void {
    const tasks = this.#tasks;
    const caller = tasks.frameOf[frame]!;
    const row = this.#trace.rowOf(caller);
    if (tasks.leaf[row] !== frame) return;
    tasks.leaf[row] = caller;
    if (tasks.state[caller] === State.run) {
      this.#setRow(row, t, State.run, 0, -1, 0);
      return;
    }
    if (tasks.state[caller] === State.wait) {
      tasks.state[caller] = State.ready;
      tasks.waker[caller] = frame;
      this.#wokenNs[caller] = Math.max(t, tasks.sinceNs[caller]!);
    }
    this.#setRow(row, t, State.ready, 0, frame, 0);
  }

  /**
   * The process ended with an uncaught error. The body of a module whose awaited call had failed,
   * and that never came back to catch it, failed with it at once: no record of its own says so.
   * What Node does with the error then is not the module's time.
   */
  failModules(process: number, error: number): void {
    const tasks = this.#tasks;
    for (const task of this.#modules) {
      const waker = tasks.waker[task]!;
      if (tasks.process[task] !== process || tasks.state[task] !== State.ready || waker < 0) continue;
      if (tasks.outcome[waker] !== OUTCOME.error) continue;
      const wokenNs = this.#wokenNs[task]!;
      const t = Math.max(Number.isNaN(wokenNs) ? tasks.sinceNs[task]! : wokenNs, tasks.rowSinceNs[task]!);
      this.#endWait(task, t, waker, 0);
      tasks.state[task] = State.ended;
      tasks.outcome[task] = OUTCOME.error;
      tasks.error[task] = error;
      tasks.endedNs[task] = t;
      if (tasks.frameOf[task]! < 0) this.#setRow(task, t, State.ended, OUTCOME.error, -1, 0);
    }
  }

  /** The lane was stopped from outside: the task on top of it does not run. */
  pauseTop(top: number, t: number, pause: number): void {
    const row = this.#trace.rowOf(top);
    if (this.#tasks.rowState[row] === State.run) this.#setRow(row, t, State.paused, pause, -1, 0);
  }

  resumeTop(top: number, t: number): void {
    const row = this.#trace.rowOf(top);
    if (this.#tasks.rowState[row] === State.paused) this.#setRow(row, t, State.run, 0, -1, 0);
  }

  /**
   * Tells of the wait from which `task` comes back. A wait for its own frame is no wait: the
   * frame's own waits were told.
   */
  #endWait(task: number, t: number, waker: number, cause: Target, got = -1): void {
    const tasks = this.#tasks;
    const { groups } = this.#trace;
    const wokenNs = this.#wokenNs[task]!;
    const hasWaited = tasks.state[task] === State.wait || !Number.isNaN(wokenNs);
    this.#wokenNs[task] = Number.NaN;
    if (!hasWaited || !this.#observers.observesWaits) return;
    // A generator rests at its `yield` while its caller goes on: the caller does not wait there.
    if (tasks.reason[task] === CONSUMER && tasks.frameOf[task]! >= 0) return;
    // Records are missing within it: it may have been several waits, and how long is unknown.
    if (this.#hasLosses && this.#knownNs(task, tasks.sinceNs[task]!, t) < t) return;
    const target = tasks.target[task]!;
    if (target > 0 && tasks.frameOf[target - 1] === task) return;
    const { wait } = this.#observers;
    wait.row = this.#trace.rowOf(task);
    wait.task = task;
    wait.startNs = tasks.sinceNs[task]!;
    wait.endNs = Number.isNaN(wokenNs) ? Math.max(t, wait.startNs) : wokenNs;
    wait.reason = tasks.reason[task]!;
    wait.waker = waker >= 0 ? waker : tasks.waker[task]!;
    const isForGroup = groups.has(-target - 1);
    wait.target = isForGroup ? target : settledTarget(this.#trace, target, wait.waker, cause);
    wait.site = tasks.waitSite[task]!;
    wait.cause = cause;
    wait.gave = tasks.gave[task]!;
    wait.got = got;
    this.#observers.waitEnded();
  }

  // ── rows ───────────────────────────────────────────────────────────────────────────

  /** The row does what its deepest frame does. */
  #rowLikeLeaf(row: number, leaf: number, t: number): void {
    const tasks = this.#tasks;
    const state = tasks.state[leaf]!;
    if (state === State.wait) {
      this.#setRow(row, t, State.wait, tasks.reason[leaf]!, tasks.waitSite[leaf]!, tasks.target[leaf]!);
    } else if (state === State.ready) this.#setRow(row, t, State.ready, 0, tasks.waker[leaf]!, 0);
  }

  /**
   * Accounts for the row's last span and opens the next. Called for every change of every row, so
   * it takes plain numbers: a change is written down once, for all observers.
   */
  #setRow(row: number, t: number, state: StateNumber, reason: number, ref: number, target: Target): void {
    const tasks = this.#tasks;
    const last = tasks.rowState[row] as StateNumber;
    if (last === State.run && state === State.run) return;
    const sinceNs = tasks.rowSinceNs[row]!;
    let ns = (this.#hasLosses ? this.#knownNs(row, sinceNs, t) : t) - sinceNs;
    if (this.#hasCheckpoints) ns = Math.min(ns, t - countedSince(this.#trace, row));
    // The lane tells how long it ran: a caller below is drawn as running, and does not run.
    if (ns > 0) {
      if (last === State.ready) tasks.readyNs[row]! += ns;
      else if (last === State.wait) tasks.waitNs[row]! += ns;
    }
    if (t > sinceNs) tasks.rowSinceNs[row] = t;
    tasks.rowState[row] = state;
    if (!this.#observers.observesRows) return;
    const { change } = this.#observers;
    change.row = row;
    change.last = last;
    change.reason = reason;
    change.ref = ref;
    change.target = target;
    this.#observers.rowChanged();
  }

  /** From here on it is asked what is known. */
  lossRead(): void {
    this.#hasLosses = true;
  }

  /** From here on it is asked from when on times count. */
  checkpointRead(): void {
    this.#hasCheckpoints = true;
  }

  /** Up to when it is known what the task did from `sinceNs` on, at most `t`. */
  #knownNs(task: number, sinceNs: number, t: number): number {
    const { process, lane } = this.#tasks;
    const loss = this.#trace.losses.firstAfter(process[task]!, lane[task]!, sinceNs);
    return loss === null ? t : Math.min(t, Math.max(sinceNs, loss.sinceNs));
  }

  // ── ids and memory ─────────────────────────────────────────────────────────────────

  /** −1: it is not known, or does not wait. */
  waitingTask(part: Part, id: number, verb: string): number {
    const task = this.#livingTask(part, id, verb);
    if (task < 0 || this.#tasks.state[task] !== State.run) return task;
    this.#trace.addProblem(`task ${id} ${verb} and runs already`);
    return -1;
  }

  #livingTask(part: Part, id: number, verb: string): number {
    const thing = part.definitions.thing(id);
    if (thing < 0 || isResource(thing)) {
      this.#trace.addUnknownId(part.process, `the unknown task ${id} ${verb}`);
      return -1;
    }
    const task = thingIndex(thing);
    if (this.#tasks.state[task] === State.ended) {
      this.#trace.addProblem(`task ${id} ${verb} after its end`);
      return -1;
    }
    return task;
  }

  #grow(task: number): void {
    if (task < this.#lastChild.length) return;
    this.#lanes.grow(task * 2);
    const lastChild = new Int32Array(task * 2);
    lastChild.set(this.#lastChild);
    this.#lastChild = lastChild;
    const wokenNs = new Float64Array(task * 2);
    wokenNs.set(this.#wokenNs);
    this.#wokenNs = wokenNs;
  }
}
