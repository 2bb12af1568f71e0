/**
 * The tasks and the resources of a moment, as trees that a person opens: tasks by process, thread
 * and parent; siblings that wait alike are one group. What is left out is counted. Who asks says
 * what the moment is: the present, or one that is replayed.
 */
import { LANE_KIND, RESOURCE_KIND, RESOURCE_KINDS, numberSet } from '../format/kinds.ts';
import type { MomentView, NodePlace, ResourceNode, TaskNode, TaskUse, DoneNow } from '../messages/moment.ts';
import { displayPath } from '../model/display-path.ts';
import { resourceOfTarget, type Target } from '../model/state.ts';
import type { Resource, Trace } from '../model/trace.ts';
import { count } from '../words/duration.ts';
import { hasPermits } from '../words/resource.ts';
import { plain } from '../words/sentence.ts';
import { describeTarget } from '../words/wait.ts';

export interface RowNow {
  readonly state: DoneNow;
  readonly sinceNs: number;
  /** Where it stands; −1: not recorded. */
  readonly site: number;
  /** Its deepest activation; −1: it is not known. */
  readonly frame: number;
  /** While it waits: what for, and why (index in REASONS). */
  readonly target: Target;
  readonly reason: number;
}

/** What is asked of a moment. */
export interface MomentSource {
  readonly trace: Trace;
  readonly timeNs: number;
  /** The rows that live, in any order. */
  readonly living: Iterable<number>;
  rowNow(row: number): RowNow;
  holdersOf(resource: number): readonly number[];
  /** Whether the row has been given what it began to wait for at `sinceNs`, and has not gone on. */
  hasGot(resource: number, row: number, sinceNs: number): boolean;
  /** Items inside, permits left, calls not answered; null: none was told of. */
  levelOf(resource: number): number | null;
}

/** More than a person opens. */
const MAX_NODES = 3000;
const MAX_IN_GROUP = 100;
/** Fewer siblings that wait alike are shown one by one. */
const MIN_GROUP = 4;
const MAX_RESOURCES = 200;
const MAX_USES = 50;

const LISTED_KINDS = numberSet(
  RESOURCE_KIND,
  ...(['queue', 'priority-queue', 'lifo-queue', 'lock', 'rlock', 'semaphore', 'pool'] as const),
  ...(['event', 'condition', 'barrier', 'foreign', 'connections', 'stream', 'job-queue'] as const),
);
const QUEUE_KINDS = numberSet(RESOURCE_KIND, 'queue', 'priority-queue', 'lifo-queue');

interface LivingRow extends RowNow {
  readonly row: number;
}

export function momentView(source: MomentSource): MomentView {
  const rows = new Map<number, LivingRow>();
  for (const row of source.living) rows.set(row, { row, ...source.rowNow(row) });
  const waiting = [...rows.values()]
    .filter(({ state }) => state === 'wait')
    .sort((a, b) => a.sinceNs - b.sinceNs || a.row - b.row);
  return {
    timeNs: source.timeNs,
    living: rows.size,
    waiting: waiting.length,
    tasks: new TreeMaker(source, rows).make(),
    ...resourceNodes(source, waiting),
  };
}

class TreeMaker {
  readonly #source: MomentSource;
  readonly #rows: ReadonlyMap<number, LivingRow>;
  readonly #children = new Map<number, LivingRow[]>();
  readonly #words = new Map<string, string>();
  #room = MAX_NODES;

  constructor(source: MomentSource, rows: ReadonlyMap<number, LivingRow>) {
    this.#source = source;
    this.#rows = rows;
  }

  make(): readonly TaskNode[] {
    const { trace } = this.#source;
    const byLane = new Map<number, LivingRow[]>();
    for (const living of [...this.#rows.values()].sort((a, b) => a.row - b.row)) {
      const parent = this.#livingParent(living.row);
      const lane = trace.tasks.lane[living.row]!;
      const [map, key] = parent < 0 ? [byLane, lane] : [this.#children, parent];
      const list = map.get(key);
      if (list === undefined) map.set(key, [living]);
      else list.push(living);
    }
    const byProcess = new Map<number, TaskNode[]>();
    for (const [lane, roots] of [...byLane].sort(([a], [b]) => a - b)) {
      const process = trace.tasks.process[roots[0]!.row]!;
      const threads = byProcess.get(process) ?? [];
      byProcess.set(process, threads);
      threads.push(this.#thread(lane, roots));
    }
    const processes = [...byProcess].sort(([a], [b]) => a - b);
    // Of a single process, or a single thread, nothing has to be told apart.
    return processes.length === 1
      ? onlyChildren(processes[0]![1])
      : processes.map(([process, threads]) => this.#process(process, threads));
  }

  #process(process: number, threads: readonly TaskNode[]): TaskNode {
    const { pid, argv } = this.#source.trace.processes[process]!;
    const name = argv.split('\n').find((word) => /\.([mc]?[jt]sx?|py)$/.test(word)) ?? 'process';
    return {
      ...container('process', `p${process}`, `${displayPath(name)} (${pid})`),
      children: onlyChildren(threads),
    };
  }

  #thread(lane: number, roots: readonly LivingRow[]): TaskNode {
    const info = this.#source.trace.lanes[lane];
    const name = info?.kind === LANE_KIND.main ? 'main thread' : info?.name || 'thread';
    return { ...container('thread', `l${lane}`, name), children: this.#siblings(`l${lane}`, roots) };
  }

  /** The next one above that lives; −1: none does. */
  #livingParent(row: number): number {
    const { trace } = this.#source;
    const { parent, lane } = trace.tasks;
    for (let above = parent[row]!; above >= 0;) {
      const found = trace.rowOf(above);
      if (found === row) return -1;
      // What another thread has begun stands in its own thread.
      if (this.#rows.has(found)) return lane[found] === lane[row] ? found : -1;
      above = parent[found]!;
    }
    return -1;
  }

  #siblings(key: string, rows: readonly LivingRow[]): TaskNode[] {
    const alike = new Map<string, LivingRow[]>();
    for (const living of rows) {
      const isLeaf = !this.#children.has(living.row);
      const { state, site, target } = living;
      const like = isLeaf && state === 'wait' ? `${site} ${resourceOfTarget(target)}` : `row ${living.row}`;
      const list = alike.get(like);
      if (list === undefined) alike.set(like, [living]);
      else list.push(living);
    }
    const nodes: TaskNode[] = [];
    let left = 0;
    for (const [like, list] of alike) {
      if (this.#room <= 0) left += list.length;
      else if (list.length < MIN_GROUP) nodes.push(...list.map((living) => this.#task(living)));
      else nodes.push(this.#group(`g${key} ${like}`, list));
    }
    return left === 0 ? nodes : [...nodes, more(key, left)];
  }

  #group(key: string, list: readonly LivingRow[]): TaskNode {
    this.#room--;
    const first = list.reduce((a, b) => (b.sinceNs < a.sinceNs ? b : a));
    const shown = list.slice(0, Math.min(MAX_IN_GROUP, Math.max(0, this.#room)));
    const children = shown.map((living) => this.#task(living));
    const names = new Set(list.map(({ row }) => this.#source.trace.nameOf(row)));
    return {
      key,
      kind: 'group',
      name: `${list.length.toLocaleString('en')} × ${names.size === 1 ? [...names][0]! : 'task'}`,
      state: first.state,
      words: this.#wordsOf(first).replace(/^waits/, 'wait'),
      forNs: this.#source.timeNs - first.sinceNs,
      task: null,
      frame: null,
      place: placeOf(this.#source.trace, first.site),
      children:
        shown.length === list.length ? children : [...children, more(key, list.length - shown.length)],
    };
  }

  #task(living: LivingRow): TaskNode {
    this.#room--;
    const { trace, timeNs } = this.#source;
    const { row, state, sinceNs, site, frame } = living;
    const id = trace.idOf(row);
    return {
      key: `t${id}`,
      kind: 'task',
      name: trace.labelOf(row),
      state,
      words: this.#wordsOf(living),
      forNs: Math.max(0, timeNs - sinceNs),
      task: id,
      frame: frame < 0 || frame === row ? null : trace.idOf(frame),
      place: placeOf(trace, site),
      children: this.#siblings(`t${id}`, this.#children.get(row) ?? []),
    };
  }

  #wordsOf({ state, site, target, reason }: LivingRow): string {
    if (state !== 'wait') return { run: 'runs', ready: 'is ready', paused: 'stands still' }[state];
    const key = `${site} ${target} ${reason}`;
    let words = this.#words.get(key);
    if (words === undefined) {
      words = `waits${plain(describeTarget(this.#source.trace, { reason, target, site }))}`;
      this.#words.set(key, words);
    }
    return words;
  }
}

const container = (kind: 'process' | 'thread', key: string, name: string): Omit<TaskNode, 'children'> => ({
  ...{ key, kind, name, state: null, words: '', forNs: null, task: null, frame: null, place: null },
});

const more = (key: string, left: number): TaskNode => ({
  ...{ key: `m${key}`, kind: 'more', name: `… ${left.toLocaleString('en')} more`, state: null },
  ...{ words: '', forNs: null, task: null, frame: null, place: null, children: [] },
});

const onlyChildren = (threads: readonly TaskNode[]): readonly TaskNode[] =>
  threads.length === 1 ? threads[0]!.children : threads;

function placeOf(trace: Trace, site: number): NodePlace | null {
  const info = trace.sites[site];
  if (info === undefined || info.line < 1) return null;
  return { file: info.file, line: info.line, column: Math.max(1, info.column) };
}

function resourceNodes(
  source: MomentSource,
  waiting: readonly LivingRow[],
): Pick<MomentView, 'resources' | 'moreResources'> {
  const { trace, timeNs } = source;
  const waiters = new Map<number, LivingRow[]>();
  for (const living of waiting) {
    const resource = resourceOfTarget(living.target);
    if (resource < 0 || source.hasGot(resource, living.row, living.sinceNs)) continue;
    const list = waiters.get(resource);
    if (list === undefined) waiters.set(resource, [living]);
    else list.push(living);
  }
  const listed = trace.resources
    .filter((info) => isListed(info, timeNs))
    .map((info) => resourceNode(source, info, waiters.get(info.index) ?? []))
    // What is waited for comes first, then what is held.
    .sort((a, b) => b.waiters.length - a.waiters.length || b.holders.length - a.holders.length);
  return {
    resources: listed.slice(0, MAX_RESOURCES),
    moreResources: Math.max(0, listed.length - MAX_RESOURCES),
  };
}

function isListed({ kind, name, beganNs, endedNs }: Resource, t: number): boolean {
  return LISTED_KINDS.has(kind) && name !== '' && beganNs <= t && (endedNs === null || endedNs > t);
}

function resourceNode(source: MomentSource, info: Resource, waiting: readonly LivingRow[]): ResourceNode {
  const { trace } = source;
  const holding = source.holdersOf(info.index);
  const holders = holding.slice(0, MAX_USES).map((row) => useOf(trace, row, source.rowNow(row).site));
  const waiters = waiting.slice(0, MAX_USES).map(({ row, site }) => useOf(trace, row, site));
  return {
    key: `r${info.process}:${info.id}`,
    name: info.name,
    kind: RESOURCE_KINDS[info.kind] ?? '',
    words: levelWords(info, source.levelOf(info.index), waiting.length),
    place: placeOf(trace, info.site),
    holders,
    waiters,
    more: holding.length - holders.length + waiting.length - waiters.length,
  };
}

const useOf = (trace: Trace, row: number, site: number): TaskUse => ({
  task: trace.idOf(row),
  name: trace.labelOf(row),
  place: placeOf(trace, site),
});

function levelWords(info: Resource, level: number | null, waiters: number): string {
  const wait = waiters === 0 ? [] : [`${count(waiters, 'task waits', 'tasks wait')}`];
  const { capacity } = info;
  const state: string[] = [];
  if (level !== null && hasPermits(info)) {
    if (capacity === 1) state.push(level === 0 ? 'held' : 'free');
    else state.push(`${level}${capacity === null ? '' : ` of ${capacity}`} left`);
  } else if (level !== null && QUEUE_KINDS.has(info.kind)) {
    const isFull = capacity !== null && capacity > 0 && level >= capacity;
    const of = capacity === null || capacity === 0 ? '' : ` of ${capacity}`;
    state.push(`${level}${of} ${level === 1 && of === '' ? 'item' : 'items'}${isFull ? ': full' : ''}`);
  }
  return [...state, ...wait].join(', ');
}
