/**
 * A run as nodes to replay: each stretch for which an activation was on top of its lane, and what
 * it had to wait for. A dependency is a point in an earlier node and the time from there on that
 * was nobody's: the timer's, the network's, the way from one thread to another. Time for which the
 * lane was busy with others is no part of it: the replay finds out anew who has the lane when.
 */
import { isCallbackFromOutside, outsideOf } from '../model/settled-reason.ts';
import type { IndexedSpans, LaneSpan, Span } from '../model/spans.ts';
import { resourceOfTarget, State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import { LaneTimes } from './lane-times.ts';
import type { PathSource } from './path-source.ts';
import { isWorld, timerNs } from './world.ts';

/** A longer run is not replayed. */
export const MAX_NODES = 300_000;

/** `node` has run for `offsetNs` (or ended, and then some time passed), and after `latencyNs`. */
export interface Dependency {
  readonly node: number;
  readonly offsetNs: number;
  readonly latencyNs: number;
}

export interface ReplayNode {
  readonly index: number;
  readonly lane: number;
  readonly task: number;
  readonly row: number;
  readonly fromNs: number;
  readonly toNs: number;
  /** It goes on where `dependencies[0]` ends, before anybody else has the lane. */
  isContinuation: boolean;
  /** The node of the same row before it; −1: its first. */
  previous: number;
  dependencies: Dependency[];
  /** Though this could run, the lane did nothing that was seen since what it did before. */
  leadNs: number;
  /** What nothing of the program set off came at this time; −1: something did. */
  readonly arrivedNs: number;
  /** The wait before it; null: it did not wait. */
  readonly wait: NodeWait | null;
}

export interface NodeWait {
  readonly startNs: number;
  readonly endNs: number;
  readonly site: number;
  readonly reason: number;
  /** The resource that was waited for or that came; −1: none is known. */
  readonly resource: number;
}

export interface ReplayNodes {
  /** In the order of their beginning. */
  readonly nodes: readonly ReplayNode[];
  /** By row: its nodes, in order. */
  readonly byRow: ReadonlyMap<number, readonly number[]>;
}

/**
 * @param cuts by row: times at which a node is cut in two
 * @returns null: the run is too long
 */
export function replayNodes(
  source: PathSource,
  cuts: ReadonlyMap<number, readonly number[]> = new Map(),
): ReplayNodes | null {
  const stretches = stretchesOf(source, cuts);
  return stretches === null ? null : new NodeBuilder(source, stretches).build();
}

interface Stretch {
  readonly lane: number;
  readonly task: number;
  readonly row: number;
  readonly fromNs: number;
  readonly toNs: number;
}

function stretchesOf(
  { trace, spans }: PathSource,
  cuts: ReadonlyMap<number, readonly number[]>,
): Stretch[] | null {
  const stretches: Stretch[] = [];
  for (const { index: lane } of trace.lanes) {
    for (let i = 0; ; i++) {
      const span = spans.laneSpanAt(lane, i);
      if (span === null) break;
      if (span.task < 0 || span.isPaused) continue;
      stretches.push(...cutStretch(trace, lane, span, cuts));
      if (stretches.length > MAX_NODES) return null;
    }
  }
  return stretches.sort((a, b) => a.fromNs - b.fromNs || a.toNs - b.toNs);
}

function cutStretch(
  trace: Trace,
  lane: number,
  { startNs, endNs, task }: LaneSpan,
  cuts: ReadonlyMap<number, readonly number[]>,
): Stretch[] {
  const row = trace.rowOf(task);
  const inside = (cuts.get(row) ?? []).filter((t) => t > startNs && t < endNs);
  const ends = [...inside, endNs];
  return ends.map((toNs, i) => ({ lane, task, row, fromNs: ends[i - 1] ?? startNs, toNs }));
}

class NodeBuilder {
  readonly #trace: Trace;
  readonly #spans: IndexedSpans;
  readonly #source: PathSource;
  readonly #stretches: readonly Stretch[];
  readonly #lanes: LaneTimes;
  readonly #nodes: ReplayNode[] = [];
  readonly #byRow = new Map<number, number[]>();
  /** By lane: its newest node. */
  readonly #lastOfLane = new Map<number, ReplayNode>();

  constructor(source: PathSource, stretches: readonly Stretch[]) {
    this.#trace = source.trace;
    this.#spans = source.spans;
    this.#source = source;
    this.#stretches = stretches;
    this.#lanes = new LaneTimes(stretches);
  }

  build(): ReplayNodes {
    for (const stretch of this.#stretches) this.#add(stretch);
    return { nodes: this.#nodes, byRow: this.#byRow };
  }

  #add(stretch: Stretch): void {
    const { lane, row, fromNs } = stretch;
    const before = this.#lastOfLane.get(lane);
    const own = this.#byRow.get(row);
    const previous = own?.at(-1) ?? -1;
    const base = { ...stretch, index: this.#nodes.length, previous };
    let node: ReplayNode;
    const index = this.#runAt(row, fromNs);
    const span = this.#spans.spanAt(row, index);
    const earlier = span !== null && span.startNs === fromNs ? this.#spans.spanAt(row, index - 1) : span;
    if (before?.toNs === fromNs && this.#goesOn(stretch, before, span, earlier))
      node = { ...base, ...FREE, isContinuation: true, dependencies: [endOf(before)] };
    else if (previous < 0) node = this.#firstOf(base);
    else node = this.#laterOf(base, index);
    this.#nodes.push(node);
    if (own === undefined) this.#byRow.set(row, [node.index]);
    else own.push(node.index);
    this.#lastOfLane.set(lane, node);
  }

  /** Index of the run that goes on at `t`; one that takes no time may be over at `t`, too. */
  #runAt(row: number, t: number): number {
    const last = this.#spans.indexBefore(row, t + 1);
    for (let index = last; index >= 0; index--) {
      const span = this.#spans.spanAt(row, index);
      if (span?.state === State.run) return index;
      if (span?.startNs !== t) break;
    }
    return last;
  }

  /** A called task begins, or its caller goes on, or a cut node does: one stack, without a turn. */
  #goesOn(stretch: Stretch, before: ReplayNode, span: Span | null, earlier: Span | null): boolean {
    if (span?.state !== State.run) return false;
    if (before.row === stretch.row) return span.startNs < stretch.fromNs;
    // The row stood on the stack below the one before, or is begun by it.
    if (span.startNs < stretch.fromNs) return true;
    const parent = this.#trace.tasks.parent[stretch.row]!;
    return earlier === null && parent >= 0 && this.#trace.rowOf(parent) === before.row;
  }

  #firstOf(base: Omit<ReplayNode, keyof typeof FREE>): ReplayNode {
    const { row, fromNs } = base;
    const { tasks, resources, links } = this.#trace;
    const asked = links.submissionOf(row);
    if (asked !== null && asked.sender >= 0 && !Number.isNaN(asked.sentNs)) {
      const point = this.#pointAt(this.#trace.rowOf(asked.sender), asked.sentNs, fromNs);
      if (point !== null) return { ...base, ...FREE, ...after(this.#woken(point, base, asked.sentNs)) };
    }
    const begunBy = resources[tasks.resource[row]!];
    if (begunBy !== undefined && isWorld(this.#trace, begunBy.index)) {
      const creator = begunBy.creator >= 0 ? begunBy.creator : tasks.parent[row]!;
      const point = creator < 0 ? null : this.#pointAt(this.#trace.rowOf(creator), begunBy.beganNs, fromNs);
      if (point === null) return { ...base, ...FREE, arrivedNs: fromNs };
      return { ...base, ...FREE, ...after(this.#delayed(point, base, begunBy.index, begunBy.beganNs)) };
    }
    const parent = tasks.parent[row]!;
    const point = parent < 0 ? null : this.#pointAt(this.#trace.rowOf(parent), tasks.beganNs[row]!, fromNs);
    if (point === null) return { ...base, ...FREE, arrivedNs: fromNs };
    return { ...base, ...FREE, ...after(this.#woken(point, base, tasks.beganNs[row]!)) };
  }

  #laterOf(base: Omit<ReplayNode, keyof typeof FREE>, index: number): ReplayNode {
    const own = this.#nodes[base.previous]!;
    const { wait, wake } = this.#waitBefore(base.row, index);
    if (wait === null) {
      return { ...base, ...FREE, ...after(this.#gap(own, base)) };
    }
    const { startNs, endNs, ref: site, reason } = wait;
    const cause = resourceOfTarget(wake.target);
    const outside = wake.ref >= 0 ? outsideOf(this.#trace, wake.ref) : -1;
    const awaited = resourceOfTarget(wait.target);
    const resource = outside >= 0 ? outside : awaited >= 0 ? awaited : cause;
    const nodeWait = { startNs, endNs, site, reason, resource };
    const { dependency, leadNs } = this.#endOfWait(base, own, nodeWait, wake);
    return { ...base, ...FREE, dependencies: [endOf(own), dependency], leadNs, wait: nodeWait };
  }

  #endOfWait(
    base: Omit<ReplayNode, keyof typeof FREE>,
    own: ReplayNode,
    { startNs, endNs, resource }: NodeWait,
    wake: Span,
  ): Lateness {
    const trace = this.#trace;
    const answer = this.#source.answers.newestFor(base.row, startNs, endNs);
    if (answer !== null) {
      const point = this.#pointAt(answer.row, answer.t, base.fromNs);
      if (point !== null) return this.#woken(point, base, answer.t);
    }
    const waker = wake.ref < 0 ? -1 : trace.rowOf(wake.ref);
    if (waker >= 0 && waker !== base.row && !isCallbackFromOutside(trace, waker)) {
      const point = this.#pointAt(waker, endNs, base.fromNs);
      if (point !== null) return this.#woken(point, base, endNs);
    }
    const cause = resourceOfTarget(wake.target);
    const came = isWorld(trace, resource) ? resource : isWorld(trace, cause) ? cause : -1;
    const info = trace.resources[came];
    if (info !== undefined && info.creator >= 0 && info.beganNs <= base.fromNs) {
      const point = this.#pointAt(trace.rowOf(info.creator), info.beganNs, base.fromNs);
      if (point !== null) return this.#delayed(point, base, came, info.beganNs);
    }
    return this.#delayed({ ...endOf(own), latencyNs: startNs - own.toNs }, base, came, startNs);
  }

  /** The last wait before the run that begins with this span, and the span that ended it. */
  #waitBefore(
    row: number,
    index: number,
  ): { readonly wait: Span; readonly wake: Span } | { readonly wait: null; readonly wake: null } {
    let wake = this.#spans.spanAt(row, index);
    for (let i = index - 1; i >= 0 && wake !== null; i--) {
      const span = this.#spans.spanAt(row, i);
      if (span === null || span.state === State.run) break;
      if (span.state === State.wait) return { wait: span, wake };
      wake = span;
    }
    return { wait: null, wake: null };
  }

  /** Where the row was at `t`, in a node that began before `beforeNs`; null: it had none. */
  #pointAt(row: number, t: number, beforeNs: number): Dependency | null {
    const own = this.#byRow.get(row);
    if (own === undefined || t > beforeNs) return null;
    let from = 0;
    let to = own.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#nodes[own[middle]!]!.fromNs <= t) from = middle + 1;
      else to = middle;
    }
    const node = this.#nodes[own[from - 1] ?? -1];
    if (node === undefined) return null;
    const offsetNs = Math.min(t, node.toNs) - node.fromNs;
    return { node: node.index, offsetNs, latencyNs: t - node.fromNs - offsetNs };
  }

  /** It could run from `t` on: what the lane did for others meanwhile is found out anew. */
  #woken(point: Dependency, { lane, fromNs }: Stretch, t: number): Lateness {
    const leadNs = this.#lanes.idleBefore(lane, t, fromNs);
    const idleNs = Math.max(0, fromNs - t - this.#lanes.busyNs(lane, t, fromNs) - leadNs);
    return { dependency: { ...point, latencyNs: point.latencyNs + idleNs }, leadNs };
  }

  /**
   * Something outside came. A timer was due at its time, and what the lane did for others from then
   * on is found out anew. Of other things it is not known since when they were there: where the
   * lane was busy up to the end, they are taken to have been there when that began.
   */
  #delayed(point: Dependency, stretch: Stretch, resource: number, sinceNs: number): Lateness {
    const { lane, fromNs } = stretch;
    const dueNs = sinceNs + timerNs(this.#trace, resource);
    const latencyNs = point.latencyNs;
    if (dueNs > sinceNs && dueNs < fromNs)
      return this.#woken({ ...point, latencyNs: latencyNs + dueNs - sinceNs }, stretch, dueNs);
    const delayNs = Math.max(0, fromNs - sinceNs - this.#lanes.busyBefore(lane, fromNs));
    return { dependency: { ...point, latencyNs: latencyNs + delayNs }, leadNs: 0 };
  }

  /** The row went on without having waited: the lane was stopped, or had given way. */
  #gap(own: ReplayNode, { lane, fromNs }: Stretch): Lateness {
    return this.#woken(endOf(own), { ...own, lane, fromNs }, own.toNs);
  }
}

const FREE: Pick<ReplayNode, 'isContinuation' | 'dependencies' | 'leadNs' | 'arrivedNs' | 'wait'> = {
  isContinuation: false,
  dependencies: [],
  leadNs: 0,
  arrivedNs: -1,
  wait: null,
};

interface Lateness {
  readonly dependency: Dependency;
  readonly leadNs: number;
}

const after = ({ dependency, leadNs }: Lateness): Pick<ReplayNode, 'dependencies' | 'leadNs'> => ({
  dependencies: [dependency],
  leadNs,
});

export const endOf = ({ index, fromNs, toNs }: ReplayNode): Dependency => ({
  node: index,
  offsetNs: toNs - fromNs,
  latencyNs: 0,
});
