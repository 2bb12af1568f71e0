/**
 * The tree as a flat list: process → lane → task → the tasks it spawned. Queues of jobs stand above
 * all processes, other resources with a level under theirs. Where there are many tasks, a parent's
 * ended children fold into one row. A process with one lane has one row for both.
 */
import {
  ACTIVATION_KIND,
  ACTIVATION_KINDS,
  numberSet,
  OUTCOME,
  RESOURCE_KIND,
} from '../../../runtime/trace/format/kinds.ts';
import { State } from '../../../runtime/trace/model/state.ts';
import type { Trace } from '../../../runtime/trace/model/trace.ts';
import type { TreeOptions } from '../../messages.ts';
import type { Columns } from '../../../runtime/trace/columns/columns.ts';

export interface Row {
  readonly kind: 'process' | 'lane' | 'task' | 'ended' | 'resource';
  /** Number of the process, lane, task or resource; for `ended`: how many tasks are folded. */
  readonly index: number;
  readonly key: string;
  readonly depth: number;
  readonly y: number;
  readonly height: number;
  /** null: nothing is below it. */
  readonly expanded: boolean | null;
}

/** What a program or a thread consists of: without its row the picture of an ended run is empty. */
const BODY_KINDS = numberSet(ACTIVATION_KIND, 'main', 'module', 'thread', 'process');
/** What only runs a module: it has no row where that module has one. */
const LOADER_KINDS = numberSet(ACTIVATION_KIND, 'main', 'thread', 'process');
const CALLBACK_KINDS: ReadonlySet<number> = new Set(
  ACTIVATION_KINDS.flatMap((name, kind) => (name.endsWith('-callback') ? [kind] : [])),
);
/** A trace of no more tasks than this folds none. */
const MAX_UNFOLDED_TASKS = 64;
const MIN_FOREIGN_WAITERS = 2;
/**
 * Callbacks of one name that ran no longer than this, and did nothing else, say nothing one by one:
 * so many of them are one row.
 */
const MAX_BRIEF_NS = 1e6;
const MIN_BRIEF_TASKS = 3;
/** A fold holds at least this many ended siblings. */
const MIN_FOLDED_TASKS = 8;
/** A closed fold of so many tasks is as high as a level; one of fewer is an ordinary row. */
const MIN_DENSE_TASKS = 24;
/** Height of the row of a resource or of a large fold, in rows: a level needs room. */
const LEVEL_ROWS = 2;

const processKey = (process: number): string => `p${process}`;
const laneKey = (lane: number): string => `l${lane}`;
export const taskKey = (task: number): string => `t${task}`;
export const resourceKey = (resource: number): string => `r${resource}`;
/** Keys of the rows that stand for the ended tasks of a parent, or of a lane. */
const taskFoldKey = (parent: number): string => `e${parent}`;
const laneFoldKey = (lane: number): string => `el${lane}`;
/** Of the siblings that begin at one place. */
const groupKey = (foldKey: string, site: number): string => `${foldKey}:${site}`;

/** The task whose row has this key; null: it is no task's. */
export function taskOfKey(key: string): number | null {
  return key.startsWith('t') ? Number(key.slice(1)) : null;
}

export const DEFAULT_TREE_OPTIONS: TreeOptions = { sort: 'began', groupsNames: false, onlyFound: false };

export class RowTree {
  list: readonly Row[] = [];
  options: TreeOptions = DEFAULT_TREE_OPTIONS;
  /** Tasks that the search found. */
  found: ReadonlySet<number> = new Set();
  /** Keys of the rows that stand above all others. */
  readonly #pinned = new Set<string>();
  /** Height of all rows. */
  totalPx = 0;
  /** Keys of the rows that are not as they are at first: folds are closed, all others open. */
  readonly #toggled = new Set<string>();
  readonly #folds = new Map<string, readonly number[]>();
  /** Bodies without a row, and the module that speaks for each (#loadersOfModules). */
  #loaders: ReadonlyMap<number, number> = new Map();
  readonly #trace: Trace;
  readonly #columns: Columns;

  constructor(trace: Trace, columns: Columns) {
    this.#trace = trace;
    this.#columns = columns;
  }

  /** The tasks of a fold that is closed, in the order in which they began. */
  foldMembers(key: string): readonly number[] {
    return this.#folds.get(key) ?? [];
  }

  /** The task whose row speaks for this one: of a body without a row its last module. */
  shownTask(task: number): number {
    return this.#loaders.get(task) ?? task;
  }

  /** Key of the row that stands for this task where ended ones are folded. */
  foldKeyOf(task: number): string {
    const { lane, site } = this.#trace.tasks;
    const parent = this.#parentOf(task);
    const ofSiblings = parent >= 0 ? taskFoldKey(parent) : laneFoldKey(lane[task]!);
    const ofName = groupKey(ofSiblings, site[task]!);
    return this.#folds.has(ofName) ? ofName : ofSiblings;
  }

  /** Keys of the rows that were opened or closed by hand. */
  get toggledKeys(): string[] {
    return [...this.#toggled];
  }

  /** A pinned row stands above all others, wherever it belongs. */
  togglePin(key: string): void {
    if (!this.#pinned.delete(key)) this.#pinned.add(key);
  }

  toggle(key: string): void {
    if (!this.#toggled.delete(key)) this.#toggled.add(key);
  }

  /** Opens every row that hides this task. */
  revealTask(task: number): void {
    const { tasks } = this.#trace;
    for (let t = this.#trace.rowOf(task); t >= 0;) {
      const parent = this.#parentOf(t);
      this.#toggled.delete(taskKey(parent));
      if (tasks.state[t] === State.ended) this.#toggled.add(this.foldKeyOf(t));
      t = parent;
    }
    this.#toggled.delete(laneKey(tasks.lane[task]!));
    this.#toggled.delete(processKey(tasks.process[task]!));
  }

  /** The row under which this task stands; −1: under its lane. */
  #parentOf(task: number): number {
    const parent = parentRow(this.#trace, task);
    return this.#loaders.has(parent) ? -1 : parent;
  }

  /** Index of the row at this height; −1: above the first or below the last. */
  indexAt(y: number): number {
    let from = 0;
    let to = this.list.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const row = this.list[middle]!;
      if (row.y + row.height <= y) from = middle + 1;
      else to = middle;
    }
    return from < this.list.length && y >= 0 ? from : -1;
  }

  /** −1: no row in the list has this key. */
  indexOf(key: string): number {
    return this.list.findIndex((row) => row.key === key);
  }

  rebuild(rowPx: number): void {
    this.#folds.clear();
    const list: Row[] = [];
    let y = 0;
    const add: AddRow = (kind, index, key, depth, expanded) => {
      const isLevel = kind === 'resource' || (kind === 'ended' && index >= MIN_DENSE_TASKS && !expanded);
      const height = isLevel ? rowPx * LEVEL_ROWS : rowPx;
      list.push({ kind, index, key, depth, y, height, expanded });
      y += height;
    };
    const { lanes, processes, resources } = this.#trace;
    const taskLists = this.#linkTasks();
    // A queue of jobs belongs to all processes that have a part in it.
    for (const queue of this.#trace.jobs.queues) add('resource', queue, resourceKey(queue), 0, null);
    for (const process of processes) {
      const ownLanes = lanes.filter((lane) => lane.process === process.index);
      const hasRow = ownLanes.length !== 1;
      if (hasRow) {
        const key = processKey(process.index);
        const isOpen = !this.#toggled.has(key);
        add('process', process.index, key, 0, ownLanes.length > 0 ? isOpen : null);
        if (!isOpen) continue;
      }
      const depth = hasRow ? 1 : 0;
      for (const lane of ownLanes) {
        const key = laneKey(lane.index);
        const firstTask = taskLists.firstOfLane[lane.index]!;
        const isOpen = !this.#toggled.has(key);
        add('lane', lane.index, key, depth, firstTask >= 0 ? isOpen : null);
        if (isOpen && firstTask >= 0) this.#addTasks(taskLists, lane.index, depth + 1, add);
      }
      for (const resource of resources) {
        if (resource.process !== process.index || !this.#hasLevel(resource)) continue;
        add('resource', resource.index, resourceKey(resource.index), depth + 1, null);
      }
    }
    this.list = this.#pinned.size === 0 ? list : this.#withPinnedFirst(list);
    this.totalPx = y;
  }

  #withPinnedFirst(list: readonly Row[]): Row[] {
    const pinned = list.filter(({ key }) => this.#pinned.has(key));
    const others = list.filter(({ key }) => !this.#pinned.has(key));
    let y = 0;
    return [...pinned.map((row) => ({ ...row, depth: 0, expanded: null })), ...others].map((row) => {
      const placed = { ...row, y };
      y += row.height;
      return placed;
    });
  }

  /** An object of plain code for which one task at a time waits says nothing by its level. */
  #hasLevel({ index, kind }: Trace['resources'][number]): boolean {
    if (kind === RESOURCE_KIND['job-queue']) return false;
    const level = this.#columns.levels[index];
    return level !== undefined && (kind !== RESOURCE_KIND.foreign || level.max >= MIN_FOREIGN_WAITERS);
  }

  /** Links the tasks of the tree into lists of siblings, each in the order in which they began. */
  #linkTasks(): TaskLists {
    const { tasks, lanes } = this.#trace;
    const { count, frameOf, kind, state } = tasks;
    const firstChild = new Int32Array(count).fill(-1);
    const nextSibling = new Int32Array(count).fill(-1);
    const firstOfLane = new Int32Array(lanes.length).fill(-1);
    const living = new Uint8Array(count);
    const loaders = this.#loadersOfModules();
    this.#loaders = loaders;
    const wanted = this.options.onlyFound ? this.#foundWithAncestors() : null;
    let taskCount = 0;
    // Children begin after their parents: a walk from the last task to the first makes each list
    // come out in order, and knows of all children when it reaches the parent.
    for (let task = count - 1; task >= 0; task--) {
      if (frameOf[task]! >= 0 || loaders.has(task) || wanted?.has(task) === false) continue;
      taskCount++;
      if (state[task] !== State.ended || BODY_KINDS.has(kind[task]!)) living[task] = 1;
      const parent = this.#parentOf(task);
      if (parent >= 0) {
        nextSibling[task] = firstChild[parent]!;
        firstChild[parent] = task;
        if (living[task]) living[parent] = 1;
      } else {
        const lane = tasks.lane[task]!;
        nextSibling[task] = firstOfLane[lane]!;
        firstOfLane[lane] = task;
      }
    }
    const foldsEnded = taskCount > MAX_UNFOLDED_TASKS && !this.options.onlyFound;
    return { firstChild, nextSibling, firstOfLane, living, foldsEnded };
  }

  /** What the search found, and the tasks under which it stands. */
  #foundWithAncestors(): ReadonlySet<number> {
    const wanted = new Set<number>();
    for (const task of this.found)
      for (let t = task; t >= 0 && !wanted.has(t); t = this.#parentOf(t)) wanted.add(t);
    return wanted;
  }

  #isBriefCallback(task: number): boolean {
    const { kind, state, runNs, waitNs, outcome } = this.#trace.tasks;
    if (state[task] !== State.ended || outcome[task]! > OUTCOME.ok) return false;
    return CALLBACK_KINDS.has(kind[task]!) && waitNs[task] === 0 && runNs[task]! <= MAX_BRIEF_NS;
  }

  /** Siblings that begin at one place and have one name, in the order of their first ones. */
  #groupsOf(siblings: readonly number[]): number[][] {
    const { name, site } = this.#trace.tasks;
    const groups = new Map<string, number[]>();
    for (const task of this.#sorted([...siblings])) {
      const key = `${site[task]} ${name[task]}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [task]);
      else group.push(task);
    }
    return [...groups.values()];
  }

  /** Siblings as they began, or who ran or waited most first: as the reader wants. */
  #sorted(siblings: number[]): number[] {
    const { sort } = this.options;
    if (sort === 'began') return siblings;
    const ns = sort === 'run' ? this.#trace.tasks.runNs : this.#trace.tasks.waitNs;
    return siblings.sort((a, b) => ns[b]! - ns[a]! || a - b);
  }

  /**
   * Bodies that did nothing but run a module of their lane: the module's row says all, a third row
   * of the same name says nothing. One that waited, or failed by itself, has its row.
   */
  #loadersOfModules(): ReadonlyMap<number, number> {
    const { tasks } = this.#trace;
    const loaders = new Map<number, number>();
    for (let task = 0; task < tasks.count; task++) {
      if (tasks.kind[task] !== ACTIVATION_KIND.module) continue;
      const loader = parentRow(this.#trace, task);
      if (loader < 0 || !LOADER_KINDS.has(tasks.kind[loader]!)) continue;
      const saysMore = tasks.outcome[loader]! > OUTCOME.ok && tasks.outcome[task]! <= OUTCOME.ok;
      if (tasks.waitNs[loader]! === 0 && !saysMore) loaders.set(loader, task);
    }
    return loaders;
  }

  /** Adds a lane's tasks, depth first. With a stack of its own: chains of tasks can be long. */
  #addTasks(lists: TaskLists, lane: number, laneDepth: number, add: AddRow): void {
    const { firstChild, nextSibling, living, foldsEnded } = lists;
    // Pairs of a task and its depth that are still to be added; −1 − n: a fold of n tasks.
    const stack: number[] = [];
    const foldKeys: string[] = [];
    const pushSiblings = (first: number, depth: number, foldKey: string): void => {
      const siblings: number[] = [];
      for (let task = first; task >= 0; task = nextSibling[task]!) siblings.push(task);
      const items: number[] = [];
      const keys: string[] = [];
      const addFold = (key: string, members: number[]): void => {
        items.push(-1 - members.length);
        keys.push(key);
        if (this.#toggled.has(key)) items.push(...this.#sorted(members));
        else this.#folds.set(key, members);
      };
      // Tasks of one name that fold are at the place of their first one; all others at their own.
      const addGroups = (tasks: number[], folds: (group: readonly number[]) => boolean): void => {
        const groups = this.#groupsOf(tasks).filter(folds);
        const groupOf = new Map(groups.flatMap((group) => group.map((task) => [task, group] as const)));
        for (const task of this.#sorted([...tasks])) {
          const group = groupOf.get(task);
          if (group === undefined) items.push(task);
          else if (group[0] === task) addFold(groupKey(foldKey, this.#trace.tasks.site[task]!), group);
        }
      };
      const ended = siblings.filter((task) => living[task] !== 1);
      const isFolded = foldsEnded && ended.length >= MIN_FOLDED_TASKS;
      if (this.options.groupsNames) {
        addGroups(siblings, (group) => group.length > 1);
      } else if (isFolded) {
        items.push(...this.#sorted(siblings.filter((task) => living[task] === 1)));
        addFold(foldKey, ended);
      } else {
        const isBrief = (task: number): boolean => firstChild[task]! < 0 && this.#isBriefCallback(task);
        addGroups(siblings, (group) => group.length >= MIN_BRIEF_TASKS && group.every(isBrief));
      }
      // A stack hands out what was put on it last.
      for (let i = items.length - 1; i >= 0; i--) stack.push(items[i]!, depth);
      foldKeys.push(...keys.reverse());
    };
    pushSiblings(lists.firstOfLane[lane]!, laneDepth, laneFoldKey(lane));
    while (stack.length > 0) {
      const depth = stack.pop()!;
      const item = stack.pop()!;
      if (item < 0) {
        const foldKey = foldKeys.pop()!;
        add('ended', -1 - item, foldKey, depth, this.#toggled.has(foldKey));
        continue;
      }
      const key = taskKey(item);
      const child = firstChild[item]!;
      const isOpen = !this.#toggled.has(key);
      add('task', item, key, depth, child >= 0 ? isOpen : null);
      if (child >= 0 && isOpen) pushSiblings(child, depth + 1, taskFoldKey(item));
    }
  }
}

type AddRow = (
  kind: Row['kind'],
  index: number,
  key: string,
  depth: number,
  expanded: boolean | null,
) => void;

/** Siblings as linked lists over the numbers of tasks; −1 ends a list. */
interface TaskLists {
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
  readonly firstOfLane: Int32Array;
  /** 1: the task, or one below it, has not ended; a body never folds. */
  readonly living: Uint8Array;
  /** There are so many tasks that ended ones fold. */
  readonly foldsEnded: boolean;
}

/** The task that spawned this one in the same lane; −1: it stands directly under its lane. */
export function parentRow(trace: Trace, task: number): number {
  const { parent, lane, process } = trace.tasks;
  const parentTask = parent[task]!;
  if (parentTask < 0) return -1;
  const row = trace.rowOf(parentTask);
  // A parent is older than its child. A damaged file may say otherwise, which must not make a ring.
  return row < task && process[row] === process[task] && lane[row] === lane[task] ? row : -1;
}
