/**
 * The fold's observers, by what they want to be told, and the one object that is lent for each
 * event. Nothing is allocated for an event that nobody observes, nor for those that come often.
 */
import type { Link } from '../model/link.ts';
import type { Chunk, LinkEnd } from '../model/links.ts';
import type { Loss } from '../model/losses.ts';
import { State, type StateNumber, type Target } from '../model/state.ts';
import type { TaskTable } from '../model/trace.ts';
import type { EndedWait } from '../model/wait.ts';
import type { LevelChange, Observer, ResourceUse, RowChange } from './observer.ts';

/** As many as the flags of a wait can name, known or not. */
const MAX_REASONS = 32;

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What the table of tasks says already is read from there: a change writes whole numbers alone. */
class LentRowChange implements RowChange {
  row = 0;
  last: StateNumber = State.unborn;
  reason = 0;
  ref = -1;
  target: Target = 0;
  readonly #tasks: TaskTable;

  constructor(tasks: TaskTable) {
    this.#tasks = tasks;
  }

  get t(): number {
    return this.#tasks.rowSinceNs[this.row]!;
  }
  get state(): StateNumber {
    return this.#tasks.rowState[this.row] as StateNumber;
  }
}

export class Observers {
  /** Lent: fill it, then call `rowChanged`. */
  readonly change: LentRowChange;
  /** Lent: fill it, then call `waitEnded`. */
  readonly wait: Writable<EndedWait> = {
    row: 0,
    task: 0,
    startNs: 0,
    endNs: 0,
    reason: 0,
    target: 0,
    site: -1,
    waker: -1,
    cause: 0,
    gave: -1,
    got: -1,
  };
  /** Whether anybody is told of row changes: else they need not be written down. */
  readonly observesRows: boolean;
  /** Whether anybody is told of waits: else they need not be made out. */
  readonly observesWaits: boolean;
  readonly #level: Writable<LevelChange> = { resource: 0, t: 0, level: 0, by: -1, kind: 0 };
  readonly #told: Told;
  /** Nobody is told: a checkpoint is read. */
  #now: Told;
  /** By resource: the level of which nobody was told. */
  readonly #untoldLevels = new Map<number, LevelChange>();

  constructor(observers: readonly Observer[], tasks: TaskTable) {
    this.change = new LentRowChange(tasks);
    this.#told = this.#now = toldOf(observers);
    this.observesRows = this.#told.changesInto.some((told) => told.length > 0);
    this.observesWaits = this.#told.waitsOf.some((told) => told.length > 0);
  }

  setMuted(isMuted: boolean): void {
    this.#now = isMuted ? SILENCE : this.#told;
  }

  /** The level of this resource that was read while nobody was told. */
  takeUntoldLevel(resource: number): LevelChange | undefined {
    const level = this.#untoldLevels.get(resource);
    this.#untoldLevels.delete(resource);
    return level;
  }

  taskBegan(task: number, t: number): void {
    for (const observer of this.#now.begins) observer.taskBegan!(task, t);
  }
  taskEnded(task: number, t: number): void {
    for (const observer of this.#now.ends) observer.taskEnded!(task, t);
  }
  taskSuspended(task: number, t: number): void {
    for (const observer of this.#now.taskSuspensions) observer.taskSuspended!(task, t);
  }
  taskResumed(task: number, t: number): void {
    for (const observer of this.#now.taskResumptions) observer.taskResumed!(task, t);
  }
  rowChanged(): void {
    for (const observer of this.#now.changesInto[this.change.state]!) observer.rowChanged!(this.change);
  }
  taskAbsorbed(task: number, into: number): void {
    for (const observer of this.#now.absorptions) observer.taskAbsorbed!(task, into);
  }
  frameAwaited(frame: number): void {
    for (const observer of this.#now.frameAwaits) observer.frameAwaited!(frame);
  }
  waitEnded(): void {
    for (const observer of this.#now.waitsOf[this.wait.reason]!) observer.waitEnded!(this.wait);
  }
  waitPassed(task: number, t: number): void {
    for (const observer of this.#now.passes) observer.waitPassed!(task, t);
  }
  laneSwitched(lane: number, t: number, task: number): void {
    for (const observer of this.#now.switches) observer.laneSwitched!(lane, t, task);
  }
  lanePaused(lane: number, t: number, pause: number, top: number): void {
    for (const observer of this.#now.pauses) observer.lanePaused!(lane, t, pause, top);
  }
  laneResumed(lane: number, t: number, top: number): void {
    for (const observer of this.#now.resumes) observer.laneResumed!(lane, t, top);
  }
  levelChanged(resource: number, t: number, level: number, by: number, kind: number): void {
    if (this.#now === SILENCE) this.#untoldLevels.set(resource, { resource, t, level, by, kind });
    const change = this.#level;
    change.resource = resource;
    change.t = t;
    change.level = level;
    change.by = by;
    change.kind = kind;
    for (const observer of this.#now.levels) observer.levelChanged!(change);
  }
  resourceUsed(use: ResourceUse): void {
    for (const observer of this.#now.uses) observer.resourceUsed!(use);
  }
  callBegan(row: number, t: number, site: number): void {
    for (const observer of this.#now.calls) observer.callBegan!(row, t, site);
  }
  recordsLost(loss: Loss): void {
    for (const observer of this.#now.losses) observer.recordsLost!(loss);
  }
  processInterrupted(process: number, t: number): void {
    for (const observer of this.#now.interrupts) observer.processInterrupted!(process, t);
  }
  chunkBegan(task: number, t: number, chunk: Chunk): void {
    for (const observer of this.#now.chunks) observer.chunkBegan!(task, t, chunk);
  }
  linkEndRead(end: LinkEnd, link: Link): void {
    for (const observer of this.#now.links) observer.linkEndRead!(end, link);
  }
}

/** The observers of each event. */
interface Told {
  readonly begins: readonly Observer[];
  readonly ends: readonly Observer[];
  /** By state: most rules look for one, and each call of all of them is seen in a large trace. */
  readonly changesInto: readonly (readonly Observer[])[];
  readonly taskSuspensions: readonly Observer[];
  readonly taskResumptions: readonly Observer[];
  readonly absorptions: readonly Observer[];
  readonly frameAwaits: readonly Observer[];
  /** By reason. */
  readonly waitsOf: readonly (readonly Observer[])[];
  readonly passes: readonly Observer[];
  readonly switches: readonly Observer[];
  readonly pauses: readonly Observer[];
  readonly resumes: readonly Observer[];
  readonly levels: readonly Observer[];
  readonly uses: readonly Observer[];
  readonly calls: readonly Observer[];
  readonly losses: readonly Observer[];
  readonly interrupts: readonly Observer[];
  readonly chunks: readonly Observer[];
  readonly links: readonly Observer[];
}

const toldOf = (observers: readonly Observer[]): Told => ({
  begins: observers.filter((observer) => observer.taskBegan),
  ends: observers.filter((observer) => observer.taskEnded),
  changesInto: Object.values(State).map((state) =>
    observers.filter((observer) => observer.rowChanged && (observer.rowStates?.includes(state) ?? true)),
  ),
  taskSuspensions: observers.filter((observer) => observer.taskSuspended),
  taskResumptions: observers.filter((observer) => observer.taskResumed),
  absorptions: observers.filter((observer) => observer.taskAbsorbed),
  frameAwaits: observers.filter((observer) => observer.frameAwaited),
  waitsOf: Array.from({ length: MAX_REASONS }, (_, reason) =>
    observers.filter((observer) => observer.waitEnded && (observer.waitReasons?.includes(reason) ?? true)),
  ),
  passes: observers.filter((observer) => observer.waitPassed),
  switches: observers.filter((observer) => observer.laneSwitched),
  pauses: observers.filter((observer) => observer.lanePaused),
  resumes: observers.filter((observer) => observer.laneResumed),
  levels: observers.filter((observer) => observer.levelChanged),
  uses: observers.filter((observer) => observer.resourceUsed),
  calls: observers.filter((observer) => observer.callBegan),
  losses: observers.filter((observer) => observer.recordsLost),
  interrupts: observers.filter((observer) => observer.processInterrupted),
  chunks: observers.filter((observer) => observer.chunkBegan),
  links: observers.filter((observer) => observer.linkEndRead),
});

const SILENCE = toldOf([]);
