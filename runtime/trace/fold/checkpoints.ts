/**
 * Reads a checkpoint: the state of a process at the time from which on its records are kept. While
 * its records are folded nobody is told. At its end observers are told of the state as it is: who
 * lives, what each row has done since when, who has which lane, what is in the queues. Sums and
 * counts begin there.
 */
import { KINDS, RESOURCE_KIND, flagReader } from '../format/kinds.ts';
import { State, type StateNumber } from '../model/state.ts';
import type { Lane, Process, Trace } from '../model/trace.ts';
import type { Observers } from './observers.ts';
import type { RecordView } from './record.ts';

const whyOf = flagReader(KINDS.kept.flags.why);

export class Checkpoints {
  readonly #trace: Trace;
  readonly #observers: Observers;
  /** By process: the tasks and resources that there were before. */
  readonly #begun = new Map<number, { readonly tasks: number; readonly resources: number }>();

  constructor(trace: Trace, observers: Observers) {
    this.#trace = trace;
    this.#observers = observers;
  }

  begin({ part, t }: RecordView): void {
    const process = this.#trace.processes[part.process]!;
    if (part.isRestoring || process.hasBegun) {
      this.#trace.addProblem(`a checkpoint stands within the part of process ${process.pid}`);
      return;
    }
    part.isRestoring = true;
    process.keptSinceNs = t;
    this.#begun.set(part.process, {
      tasks: this.#trace.tasks.count,
      resources: this.#trace.resources.length,
    });
    this.#observers.setMuted(true);
  }

  /** @returns whether one began before */
  end({ part, a, b, c, flags }: RecordView): boolean {
    const begun = this.#begun.get(part.process);
    if (!part.isRestoring || begun === undefined) return false;
    part.isRestoring = false;
    this.#observers.setMuted(false);
    const process = this.#trace.processes[part.process]!;
    // With the clock before it, for which it does not stand.
    process.records = Math.min(b * 2 ** 32 + a + 1, Number.MAX_SAFE_INTEGER);
    const { keptSinceNs } = process;
    const { kept } = this.#trace;
    this.#trace.kept = {
      sinceNs: Math.max(kept?.sinceNs ?? 0, keptSinceNs),
      records: Math.min((kept?.records ?? 0) + b * 2 ** 32 + a, Number.MAX_SAFE_INTEGER),
      why: whyOf(flags),
      limitBytes: c * 1000,
    };
    if (keptSinceNs > this.#trace.endNs) this.#trace.endNs = keptSinceNs;
    if (keptSinceNs > process.lastNs) process.lastNs = keptSinceNs;
    this.#tellTasks(process, begun.tasks);
    this.#tellLevels(process, begun.resources);
    for (const lane of this.#trace.lanes)
      if (lane.process === process.index) this.#tellLane(lane, keptSinceNs);
    return true;
  }

  #tellTasks({ index, keptSinceNs }: Process, from: number): void {
    const { tasks, links } = this.#trace;
    const own: number[] = [];
    for (let task = from; task < tasks.count; task++) if (tasks.process[task] === index) own.push(task);
    for (const task of own) {
      tasks.runNs[task] = tasks.readyNs[task] = tasks.waitNs[task] = 0;
      this.#observers.taskBegan(task, tasks.beganNs[task]!);
    }
    for (const task of own) {
      if (tasks.frameOf[task]! >= 0) this.#observers.taskAbsorbed(task, this.#trace.rowOf(task));
      else this.#tellRow(task);
      this.#tellTask(task);
      const chunk = links.chunks.get(task);
      if (chunk !== undefined) this.#observers.chunkBegan(task, keptSinceNs, chunk);
    }
  }

  #tellRow(row: number): void {
    if (!this.#observers.observesRows) return;
    const { tasks } = this.#trace;
    const leaf = tasks.leaf[row]!;
    const state = tasks.rowState[row] as StateNumber;
    const { change } = this.#observers;
    change.row = row;
    change.last = State.unborn;
    change.reason = state === State.wait ? tasks.reason[leaf]! : 0;
    change.ref = state === State.wait ? tasks.waitSite[leaf]! : tasks.waker[leaf]!;
    change.target = state === State.wait ? tasks.target[leaf]! : 0;
    this.#observers.rowChanged();
  }

  /** Since when an activation, be it a row or a frame, does what it does. */
  #tellTask(task: number): void {
    const { state, sinceNs } = this.#trace.tasks;
    if (state[task] === State.wait) this.#observers.taskSuspended(task, sinceNs[task]!);
    else if (state[task] === State.run) this.#observers.taskResumed(task, sinceNs[task]!);
  }

  #tellLevels({ index }: Process, from: number): void {
    const { resources } = this.#trace;
    for (let i = from; i < resources.length; i++) {
      const resource = resources[i]!;
      if (resource.process !== index) continue;
      // What a pool has not answered yet is the difference of the two.
      resource.puts = resource.kind === RESOURCE_KIND.pool ? resource.level : 0;
      resource.gets = 0;
      resource.maxDepth = resource.level;
      const change = this.#observers.takeUntoldLevel(i);
      if (change === undefined) continue;
      this.#observers.levelChanged(i, change.t, change.level, change.by, change.kind);
    }
  }

  #tellLane(lane: Lane, t: number): void {
    const { index, top } = lane;
    const isPaused = Number.isNaN(lane.topNs);
    lane.busyNs = 0;
    lane.sinceNs = Math.max(lane.sinceNs, t);
    if (!isPaused) lane.topNs = Math.max(lane.topNs, t);
    if (top < 0) return;
    this.#observers.laneSwitched(index, lane.sinceNs, top);
    if (isPaused) this.#observers.lanePaused(index, lane.sinceNs, 0, top);
  }
}
