/**
 * The fold's observers, by what they want to be told, and the one object that is lent for each
 * event. Nothing is allocated for an event that nobody observes, nor for those that come often.
 */
import type { Chunk, LinkEnd } from '../model/links.ts';
import type { Loss } from '../model/losses.ts';
import { State, type StateNumber, type Target } from '../model/state.ts';
import type { TaskTable } from '../model/trace.ts';
import type { EndedWait } from '../model/wait.ts';
import type { LevelChange, Observer, RowChange } from './observer.ts';

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
  };
  /** Whether anybody is told of row changes: else they need not be written down. */
  readonly observesRows: boolean;
  /** Whether anybody is told of waits: else they need not be made out. */
  readonly observesWaits: boolean;
  readonly #level: Writable<LevelChange> = { resource: 0, t: 0, level: 0, by: -1, kind: 0 };
  readonly #ofBegins: readonly Observer[];
  readonly #ofChanges: readonly Observer[];
  readonly #ofAbsorptions: readonly Observer[];
  readonly #ofWaits: readonly Observer[];
  readonly #ofSwitches: readonly Observer[];
  readonly #ofPauses: readonly Observer[];
  readonly #ofResumes: readonly Observer[];
  readonly #ofLevels: readonly Observer[];
  readonly #ofLosses: readonly Observer[];
  readonly #ofChunks: readonly Observer[];
  readonly #ofLinks: readonly Observer[];

  constructor(observers: readonly Observer[], tasks: TaskTable) {
    this.change = new LentRowChange(tasks);
    this.#ofBegins = observers.filter((observer) => observer.taskBegan);
    this.#ofChanges = observers.filter((observer) => observer.rowChanged);
    this.#ofAbsorptions = observers.filter((observer) => observer.taskAbsorbed);
    this.#ofWaits = observers.filter((observer) => observer.waitEnded);
    this.observesRows = this.#ofChanges.length > 0;
    this.observesWaits = this.#ofWaits.length > 0;
    this.#ofSwitches = observers.filter((observer) => observer.laneSwitched);
    this.#ofPauses = observers.filter((observer) => observer.lanePaused);
    this.#ofResumes = observers.filter((observer) => observer.laneResumed);
    this.#ofLevels = observers.filter((observer) => observer.levelChanged);
    this.#ofLosses = observers.filter((observer) => observer.recordsLost);
    this.#ofChunks = observers.filter((observer) => observer.chunkBegan);
    this.#ofLinks = observers.filter((observer) => observer.linkEndRead);
  }

  taskBegan(task: number, t: number): void {
    for (const observer of this.#ofBegins) observer.taskBegan!(task, t);
  }
  rowChanged(): void {
    for (const observer of this.#ofChanges) observer.rowChanged!(this.change);
  }
  taskAbsorbed(task: number, into: number): void {
    for (const observer of this.#ofAbsorptions) observer.taskAbsorbed!(task, into);
  }
  waitEnded(): void {
    for (const observer of this.#ofWaits) observer.waitEnded!(this.wait);
  }
  laneSwitched(lane: number, t: number, task: number): void {
    for (const observer of this.#ofSwitches) observer.laneSwitched!(lane, t, task);
  }
  lanePaused(lane: number, t: number, pause: number, top: number): void {
    for (const observer of this.#ofPauses) observer.lanePaused!(lane, t, pause, top);
  }
  laneResumed(lane: number, t: number, top: number): void {
    for (const observer of this.#ofResumes) observer.laneResumed!(lane, t, top);
  }
  levelChanged(resource: number, t: number, level: number, by: number, kind: number): void {
    const change = this.#level;
    change.resource = resource;
    change.t = t;
    change.level = level;
    change.by = by;
    change.kind = kind;
    for (const observer of this.#ofLevels) observer.levelChanged!(change);
  }
  recordsLost(loss: Loss): void {
    for (const observer of this.#ofLosses) observer.recordsLost!(loss);
  }
  chunkBegan(task: number, t: number, chunk: Chunk): void {
    for (const observer of this.#ofChunks) observer.chunkBegan!(task, t, chunk);
  }
  linkEndRead(end: LinkEnd): void {
    for (const observer of this.#ofLinks) observer.linkEndRead!(end);
  }
}
