/**
 * The tree as a flat list: process → lane → task → the tasks it spawned, resources with a level under
 * their process. Who ended long ago makes room: where there are many, a parent's ended children fold into one row. A process
 * with one lane has one row for both.
 */
import { State } from '../../runtime/trace/model/state.ts';
import type { Trace } from '../../runtime/trace/model/trace.ts';
import type { Columns } from '../../runtime/trace/columns/columns.ts';

export interface Row {
  readonly kind: 'process' | 'lane' | 'task' | 'ended' | 'resource';
  /** Of the process, lane, task or resource; of `ended`: how many. */
  readonly index: number;
  readonly key: string;
  readonly depth: number;
  readonly y: number;
  readonly height: number;
  /** null: nothing below it. */
  readonly expanded: boolean | null;
}

/** A trace of no more tasks than this shows them all. */
const SHOW_ALL = 64;
/** So many ended siblings at least make a fold. */
const FOLD_FROM = 8;

export class Rows {
  list: readonly Row[] = [];
  totalPx = 0;
  #toggled = new Set<string>();
  readonly #trace: Trace;
  readonly #columns: Columns;

  constructor(trace: Trace, columns: Columns) {
    this.#trace = trace;
    this.#columns = columns;
  }

  toggle(key: string): void {
    if (!this.#toggled.delete(key)) this.#toggled.add(key);
  }

  /** Opens whatever hides this task. */
  unfold(task: number): void {
    const { tasks } = this.#trace;
    for (let t = this.#trace.rowOf(task); t >= 0;) {
      const parent = parentRow(this.#trace, t);
      this.#toggled.delete(`t${parent}`);
      if (tasks.state[t] === State.ended)
        this.#toggled.add(parent >= 0 ? `e${parent}` : `el${tasks.lane[t]}`);
      t = parent;
    }
    this.#toggled.delete(`l${tasks.lane[task]}`);
    this.#toggled.delete(`p${tasks.process[task]}`);
  }

  /** Index of the row at this height; −1 below the last. */
  at(y: number): number {
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

  find(key: string): number {
    return this.list.findIndex((row) => row.key === key);
  }

  rebuild(rowPx: number): void {
    const { tasks, lanes, processes, resources } = this.#trace;
    const { count, frameOf, state } = tasks;
    const first = new Int32Array(count).fill(-1);
    const next = new Int32Array(count).fill(-1);
    const living = new Uint8Array(count);
    const laneFirst = new Int32Array(lanes.length).fill(-1);
    let shown = 0;
    // Children are born after their parents: from the last to the first, each list comes out in order of birth.
    for (let t = count - 1; t >= 0; t--) {
      if (frameOf[t]! >= 0) continue;
      shown++;
      if (state[t] !== State.ended) living[t] = 1;
      const parent = parentRow(this.#trace, t);
      if (parent >= 0) {
        next[t] = first[parent]!;
        first[parent] = t;
        if (living[t]) living[parent] = 1;
      } else {
        const lane = tasks.lane[t]!;
        next[t] = laneFirst[lane]!;
        laneFirst[lane] = t;
      }
    }
    const foldEnded = shown > SHOW_ALL;
    const list: Row[] = [];
    let y = 0;
    const add = (
      kind: Row['kind'],
      index: number,
      key: string,
      depth: number,
      expanded: boolean | null,
      height = rowPx,
    ) => {
      list.push({ kind, index, key, depth, y, height, expanded });
      y += height;
    };
    // [task, depth] pairs still to be shown; −1 − n: a fold of n.
    const stack: number[] = [];
    const pushList = (head: number, depth: number, foldKey: string) => {
      const items: number[] = [];
      let ended = 0;
      for (let t = head; t >= 0; t = next[t]!) if (!living[t]) ended++;
      const fold = foldEnded && ended >= FOLD_FROM;
      const open = this.#toggled.has(foldKey);
      for (let t = head; t >= 0; t = next[t]!) if (living[t] || !fold) items.push(t);
      if (fold) {
        items.push(-1 - ended);
        if (open) for (let t = head; t >= 0; t = next[t]!) if (!living[t]) items.push(t);
      }
      for (let i = items.length - 1; i >= 0; i--) {
        const item = items[i]!;
        if (item < 0) foldKeys.push(foldKey);
        stack.push(item, depth);
      }
    };
    const foldKeys: string[] = [];

    for (const process of processes) {
      const own = lanes.filter((lane) => lane.process === process.index);
      const single = own.length === 1;
      const processKey = `p${process.index}`;
      let depth = 0;
      if (!single) {
        const open = !this.#toggled.has(processKey);
        add('process', process.index, processKey, 0, own.length > 0 ? open : null);
        if (!open) continue;
        depth = 1;
      }
      for (const lane of own) {
        const key = `l${lane.index}`;
        const has = laneFirst[lane.index]! >= 0;
        const open = !this.#toggled.has(key);
        add('lane', lane.index, key, depth, has ? open : null);
        if (!open || !has) continue;
        pushList(laneFirst[lane.index]!, depth + 1, `el${lane.index}`);
        while (stack.length > 0) {
          const d = stack.pop()!;
          const item = stack.pop()!;
          if (item < 0) {
            const foldKey = foldKeys.pop()!;
            add('ended', -1 - item, foldKey, d, this.#toggled.has(foldKey));
            continue;
          }
          const below = first[item]! >= 0;
          const itemKey = `t${item}`;
          const itemOpen = !this.#toggled.has(itemKey);
          add('task', item, itemKey, d, below ? itemOpen : null);
          if (below && itemOpen) pushList(first[item]!, d + 1, `e${item}`);
        }
      }
      for (const resource of resources) {
        if (resource.process !== process.index || !this.#columns.levels[resource.index]) continue;
        add('resource', resource.index, `r${resource.index}`, depth + 1, null, rowPx * 2);
      }
    }
    this.list = list;
    this.totalPx = y;
  }
}

/** The row that spawned this one in the same lane; −1: it stands directly under its lane. */
export function parentRow(trace: Trace, task: number): number {
  const { parent, lane, process } = trace.tasks;
  const p = parent[task]!;
  if (p < 0) return -1;
  const row = trace.rowOf(p);
  // A row that is younger cannot be a parent (a damaged file may say so): the tree must not turn into a ring.
  return row < task && process[row] === process[task] && lane[row] === lane[task] ? row : -1;
}
