/**
 * The tasks that an editor lists as threads: never all. First those that the moment is about, then
 * groups of tasks that do the same, which have no frames. An editor asks for each listed thread, so
 * there are 40 at most, whatever lives.
 */
import { FLAG, LANE_KIND, RESOURCE_KINDS } from '../trace/format/kinds.ts';
import { grouped } from '../trace/format/grouped.ts';
import { displayPlace } from '../trace/model/display-path.ts';
import { resourceOfTarget } from '../trace/model/state.ts';
import type { Replay } from './replay.ts';
import { STEP } from './step-log.ts';

export interface ListedThread {
  readonly id: number;
  readonly name: string;
}

export const MAX_THREADS = 40;
/** Of these many are told by name, before groups are. */
const MAX_NAMED = 24;
const MAX_RUNNING = 8;
const MAX_RELATED = 8;
/** Ids of groups begin here; that of a task is its row + 1. */
const FIRST_GROUP_ID = 0x40000000;
/** The last thread, when there are more groups than fit. */
const MORE_ID = FIRST_GROUP_ID - 1;

export const threadIdOf = (row: number): number => row + 1;

export class ThreadList {
  readonly #replay: Replay;
  readonly #groupIds = new Map<string, number>();
  /** Rows that were looked at before, the last one first. */
  #left: number[] = [];

  constructor(replay: Replay) {
    this.#replay = replay;
  }

  /** The row of a thread's id; −1: it is a group, or none. */
  rowOf(id: number): number {
    const row = id - 1;
    return id > 0 && id < MORE_ID && row < this.#replay.trace.tasks.count ? row : -1;
  }

  isGroup(id: number): boolean {
    return id === MORE_ID || (id >= FIRST_GROUP_ID && id < FIRST_GROUP_ID + this.#groupIds.size);
  }

  /** The session goes on to another task: the one before stays in the list. */
  leave(row: number): void {
    this.#left = [row, ...this.#left.filter((other) => other !== row)].slice(0, 3);
  }

  /** @param marked rows that a breakpoint or the person has pointed out */
  list(marked: Iterable<number> = []): ListedThread[] {
    const { timeline, row: focus } = this.#replay;
    const named = new Set<number>();
    const add = (row: number, isForced = false): void => {
      if (named.size < MAX_NAMED && row >= 0 && (isForced || timeline.isLiving(row))) named.add(row);
    };
    add(focus, timeline.newestOf(focus) >= 0);
    for (const row of this.#left) add(row);
    for (const row of this.#related(focus)) add(row);
    for (const row of marked) add(row);
    const { living } = timeline;
    if (living.length + named.size <= MAX_THREADS) for (const row of living) named.add(row);
    else for (const row of this.#running(living)) add(row);
    const threads = [...named].map((row) => ({ id: threadIdOf(row), name: this.nameOf(row) }));
    return [...threads, ...this.#groups(living, named, MAX_THREADS - threads.length)];
  }

  /** "consumer: waits at queue.ts:12 for queue orders". */
  nameOf(row: number): string {
    const { trace } = this.#replay;
    const lane = trace.lanes[trace.tasks.lane[row]!];
    const isElsewhere = lane !== undefined && lane.kind !== LANE_KIND.main && lane.name !== '';
    return `${trace.labelOf(row)}${isElsewhere ? ` [${lane.name}]` : ''}: ${this.#doing(row)}`;
  }

  #related(focus: number): number[] {
    const replay = this.#replay;
    const newest = replay.timeline.newestOf(focus);
    if (newest < 0) return [];
    const found: number[] = [];
    if (replay.log.kind[newest] === STEP.suspend) {
      found.push(...replay.behind(newest).slice(0, MAX_RELATED));
      const resource = resourceOfTarget(replay.log.target[newest]!);
      if (resource >= 0) found.push(...replay.waitersOf(resource).slice(0, MAX_RELATED));
    }
    found.push(...replay.awaiters(focus).slice(0, MAX_RELATED));
    return found;
  }

  #running(living: Int32Array): number[] {
    const found: number[] = [];
    for (const row of living) {
      if (found.length === MAX_RUNNING) break;
      if (this.#stateOf(row) === 'runs') found.push(row);
    }
    return found;
  }

  #groups(living: Int32Array, named: ReadonlySet<number>, room: number): ListedThread[] {
    const groups = new Map<string, { count: number; readonly row: number }>();
    for (const row of living) {
      if (named.has(row)) continue;
      const key = this.#keyOf(row);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { count: 1, row });
      else group.count++;
    }
    const sorted = [...groups].sort(([, a], [, b]) => b.count - a.count);
    const shown = sorted.length > room ? sorted.slice(0, room - 1) : sorted;
    const threads = shown.map(([key, { count, row }]) =>
      count === 1
        ? { id: threadIdOf(row), name: this.nameOf(row) }
        : { id: this.#groupId(key), name: `${grouped(count)} × ${this.#doing(row)}` },
    );
    const rest = sorted.slice(shown.length).reduce((sum, [, { count }]) => sum + count, 0);
    return rest === 0 ? threads : [...threads, { id: MORE_ID, name: `… ${grouped(rest)} more` }];
  }

  #keyOf(row: number): string {
    const { timeline, log } = this.#replay;
    const newest = timeline.newestOf(row);
    return `${this.#stateOf(row)} ${log.site[newest]!} ${resourceOfTarget(log.target[newest]!)}`;
  }

  #groupId(key: string): number {
    let id = this.#groupIds.get(key);
    if (id === undefined) this.#groupIds.set(key, (id = FIRST_GROUP_ID + this.#groupIds.size));
    return id;
  }

  #stateOf(row: number): string {
    const { timeline, log, trace } = this.#replay;
    const newest = timeline.newestOf(row);
    switch (log.kind[newest]) {
      case STEP.suspend:
        return 'waits';
      case STEP.woken:
        return 'is ready';
      case STEP.begin:
        return (trace.tasks.flags[log.task[newest]!]! & FLAG.beginReady) === 0 ? 'runs' : 'is ready';
      case STEP.end:
        return log.task[newest] === row ? 'ends' : 'is ready';
      default:
        return 'runs';
    }
  }

  #doing(row: number): string {
    const { timeline, log, trace } = this.#replay;
    const newest = timeline.newestOf(row);
    const state = this.#stateOf(row);
    const site = trace.sites[log.site[newest]!];
    const at = site === undefined ? '' : ` at ${displayPlace(site)}`;
    const resource = trace.resources[resourceOfTarget(log.target[newest]!)];
    const kind = RESOURCE_KINDS[resource?.kind ?? 0];
    const isNamed = state === 'waits' && resource !== undefined && resource.name !== '' && kind !== 'promise';
    return `${state}${at}${isNamed ? ` for ${resource.name}` : ''}`;
  }
}
