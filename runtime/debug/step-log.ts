/**
 * What a debugger steps through: each begin, call, suspension, resumption and end of an activation,
 * and what its task did to queues and locks, with the line that the record tells. It observes the
 * fold and concludes nothing: what a task is doing is the newest of its steps.
 *
 * 33 bytes a step. A step has its number in the order of arrival; `order-steps.ts` brings them into
 * the order of time.
 */
import type { LevelChange, Observer, ResourceUse, RowChange } from '../trace/fold/observer.ts';
import { FACT, FLAG, KIND, REASON, USE } from '../trace/format/kinds.ts';
import { resourceOfTarget, State, targetResource, targetTask, taskOfTarget } from '../trace/model/state.ts';
import type { Trace } from '../trace/model/trace.ts';
import { FrameCalls } from './frame-calls.ts';

/**
 * `call`: the caller calls what it awaits at once. `woken`: what it waited for has come. `put` to
 * `release`: an item or a permit. `calls`: a pool was given a call, or answered one. `use`: a call
 * of something that others wait for. `write`: over what another has written since it was read.
 */
export const STEP_KINDS = [
  ...(['begin', 'call', 'suspend', 'woken', 'resume', 'end'] as const),
  ...(['put', 'get', 'acquire', 'release', 'calls', 'use', 'write'] as const),
] as const;
export type StepKind = (typeof STEP_KINDS)[number];
export const STEP = Object.fromEntries(STEP_KINDS.map((kind, number) => [kind, number])) as {
  readonly [Kind in StepKind]: number;
};
/** From here on a kind tells nothing of what its task is doing. */
const FIRST_NOTE = STEP.put;
/** Of other tasks, between the call of an await and the await. */
const MAX_MOVES_BEFORE_AWAIT = 8;

export class StepLog implements Observer {
  readonly trace: Trace;
  /** At which line each frame was called. */
  readonly calls: FrameCalls;
  count = 0;
  t = new Float64Array(1024);
  /** Steps of one time are in this order. */
  rank = new Float64Array(1024);
  kind = new Uint8Array(1024);
  /** The activation; −1: none is known. */
  task = new Int32Array(1024);
  /** −1: the record tells no line. */
  site = new Int32Array(1024);
  /**
   * Of `woken` and `resume`: who woke it. Of `begin`: who began it. Of `call`: the frame. Of
   * `suspend`: the move that its call has made already. Of moves: the level after it. −1: none.
   */
  ref = new Int32Array(1024);
  /** Of `suspend` and `woken`: what for. Of moves and `use`: the resource. */
  target = new Int32Array(1024);
  /** Facts of the trace that were looked at. */
  #factsRead = 0;
  /** By task: its begin. */
  #begin = new Int32Array(1024);

  constructor(trace: Trace) {
    this.trace = trace;
    this.calls = new FrameCalls(trace);
  }

  /** Whether the step tells what its task does from then on. */
  tellsState(step: number): boolean {
    return this.kind[step]! < FIRST_NOTE;
  }

  taskBegan(task: number, t: number): void {
    if (task >= this.#begin.length) this.#begin = grown(this.#begin, task * 2);
    const { site, parent } = this.trace.tasks;
    this.#begin[task] = this.count;
    const step = this.#add(STEP.begin, t, task, site[task]!);
    this.ref[step] = parent[task]!;
  }

  /** Only now is it known where the frame was called: just before it began. */
  taskAbsorbed(task: number): void {
    const { frameOf, waitSite, beganNs, flags } = this.trace.tasks;
    const caller = frameOf[task]!;
    this.calls.frameAwaited(task, waitSite[caller]!, this.count);
    if ((flags[task]! & FLAG.beginReady) !== 0) return;
    const step = this.#add(STEP.call, beganNs[task]!, caller, waitSite[caller]!);
    this.rank[step] = this.#begin[task]! - 0.5;
    this.ref[step] = task;
    this.target[step] = targetTask(task);
  }

  taskSuspended(task: number, t: number): void {
    this.#readFacts();
    const { leaf, waitSite, target, frameOf } = this.trace.tasks;
    const awaited = taskOfTarget(target[task]!);
    if (awaited >= 0 && frameOf[awaited] === task) {
      this.calls.frameAwaited(awaited, waitSite[task]!, this.count);
      // Its row does what the frame does, which is told already.
      if (leaf[this.trace.rowOf(task)] !== task) return;
    }
    const move = this.#placeMove(task, t);
    const step = this.#add(STEP.suspend, t, task, waitSite[task]!);
    this.ref[step] = move;
    this.target[step] = target[task]!;
  }

  rowChanged({ row, t, state, last, ref, target }: RowChange): void {
    if (state !== State.ready || last !== State.wait) return;
    const { leaf, waitSite } = this.trace.tasks;
    const task = leaf[row]!;
    const step = this.#add(STEP.woken, t, task, waitSite[task]!);
    this.ref[step] = ref;
    this.target[step] = target;
  }

  taskResumed(task: number, t: number): void {
    const { waitSite, site, waker, frameOf, state } = this.trace.tasks;
    const caller = frameOf[task]!;
    if (caller >= 0 && state[caller] === State.run) this.calls.frameResumed(task, this.count);
    const at = waitSite[task]! >= 0 ? waitSite[task]! : site[task]!;
    const step = this.#add(STEP.resume, t, task, at);
    this.ref[step] = waker[task]!;
  }

  taskEnded(task: number, t: number): void {
    this.#readFacts();
    const { endSite, waitSite, site } = this.trace.tasks;
    const last = endSite[task]! >= 0 ? endSite[task]! : waitSite[task]! >= 0 ? waitSite[task]! : site[task]!;
    this.#add(STEP.end, t, task, last);
  }

  /** Of a lost update the line of the write is recorded when it is written. */
  #readFacts(): void {
    const { facts } = this.trace;
    for (; this.#factsRead < facts.length; this.#factsRead++) {
      const { what, t, task, site } = facts[this.#factsRead]!;
      if (what === FACT['lost-update'] && task >= 0) this.#add(STEP.write, t, task, site);
    }
  }

  levelChanged({ resource, t, level, by, kind }: LevelChange): void {
    const step = this.#add(STEP_OF_MOVE.get(kind) ?? STEP.calls, t, by, -1);
    this.ref[step] = level;
    this.target[step] = targetResource(resource);
  }

  resourceUsed({ useKind, resource, t, by, site }: ResourceUse): void {
    if (useKind !== USE.call) return;
    const step = this.#add(STEP.use, t, by, site);
    this.target[step] = targetResource(resource);
  }

  /**
   * `await queue.put(item)` puts the item, and then awaits: the record of the await has the line of
   * the move, where it is of the same resource and the last such move of the same task.
   * @returns the move; −1: the await has still to get what it asks for
   */
  #placeMove(task: number, t: number): number {
    const { reason, target, parent, waitSite } = this.trace.tasks;
    const resource = resourceOfTarget(target[task]!);
    if (resource < 0) return -1;
    const wanted = MOVE_OF_REASON.get(reason[task]!);
    const row = this.trace.rowOf(task);
    const caller = parent[row]!;
    for (let back = 1; back <= MAX_MOVES_BEFORE_AWAIT && back <= this.count; back++) {
      const step = this.count - back;
      if (this.tellsState(step) || this.t[step]! > t) return -1;
      const by = this.task[step]!;
      if (by < 0 || (by !== caller && this.trace.rowOf(by) !== row)) continue;
      if (this.target[step] !== target[task] || this.kind[step] !== wanted) return -1;
      this.site[step] = waitSite[task]!;
      return step;
    }
    return -1;
  }

  #add(kind: number, t: number, task: number, site: number): number {
    const step = this.count++;
    if (step >= this.t.length) this.#grow(step * 2);
    this.t[step] = t;
    this.rank[step] = step;
    this.kind[step] = kind;
    this.task[step] = task;
    this.site[step] = site;
    this.ref[step] = -1;
    this.target[step] = 0;
    return step;
  }

  #grow(capacity: number): void {
    this.t = grown(this.t, capacity);
    this.rank = grown(this.rank, capacity);
    this.kind = grown(this.kind, capacity);
    this.task = grown(this.task, capacity);
    this.site = grown(this.site, capacity);
    this.ref = grown(this.ref, capacity);
    this.target = grown(this.target, capacity);
  }
}

const STEP_OF_MOVE: ReadonlyMap<number, number> = new Map([
  [KIND.put, STEP.put],
  [KIND.get, STEP.get],
  [KIND.acquire, STEP.acquire],
  [KIND.release, STEP.release],
]);

const MOVE_OF_REASON: ReadonlyMap<number, number> = new Map([
  [REASON['queue-put'], STEP.put],
  [REASON['queue-get'], STEP.get],
  [REASON.lock, STEP.acquire],
  [REASON.semaphore, STEP.acquire],
]);

function grown<T extends Float64Array | Int32Array | Uint8Array>(old: T, capacity: number): T {
  const bigger = new (old.constructor as new (n: number) => T)(capacity);
  bigger.set(old as never);
  return bigger;
}
