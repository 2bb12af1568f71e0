/**
 * What a change of the program would save: its run is replayed as it was and with the change. A
 * prediction: what the world outside does under another load no trace tells.
 */
import { RESOURCE_KIND, numberSet } from '../format/kinds.ts';
import { timerOf } from '../model/settled-reason.ts';
import type { Interval } from '../model/spans.ts';
import type { PathSource } from './path-source.ts';
import { type Dependency, endOf, type ReplayNode, type ReplayNodes, replayNodes } from './replay-nodes.ts';
import { replay, type ReplayOptions } from './replay.ts';

export type Change =
  /** What the row did one after the other within these intervals begins at once. */
  | { readonly kind: 'together'; readonly row: number; readonly parts: readonly Interval[] }
  /** What ran there takes no time, and what was waited for there is there at once. */
  | { readonly kind: 'free'; readonly sites: ReadonlySet<number> }
  /** The pool (its resource) has so many workers. */
  | { readonly kind: 'pool'; readonly resource: number; readonly size: number }
  /** Nobody waits for the lock (its resource): each has one of its own. */
  | { readonly kind: 'split'; readonly resource: number };

export interface Gain {
  /** How long the run takes when it is replayed without a change: as it was, up to some error. */
  readonly replayedNs: number;
  readonly changedNs: number;
  /** Not below 0. */
  readonly gainNs: number;
}

const LOCK_KINDS = numberSet(RESOURCE_KIND, 'lock', 'rlock', 'semaphore');

/** @returns null: the run is too long to be replayed, or the change breaks its order */
export function gainOf(source: PathSource, change: Change): Gain | null {
  const cuts = new Map<number, readonly number[]>();
  if (change.kind === 'together')
    cuts.set(
      change.row,
      change.parts.flatMap(({ fromNs, toNs }) => [fromNs, toNs]),
    );
  const run = replayNodes(source, cuts);
  if (run === null) return null;
  const replayedNs = replay(run.nodes);
  const changed = applyChange(source, run, change);
  const changedNs = replay(changed.nodes, changed.options);
  if (replayedNs === null || changedNs === null) return null;
  return { replayedNs, changedNs, gainNs: Math.max(0, replayedNs - changedNs) };
}

interface ChangedRun {
  readonly nodes: readonly ReplayNode[];
  readonly options: ReplayOptions;
}

function applyChange({ trace }: PathSource, run: ReplayNodes, change: Change): ChangedRun {
  switch (change.kind) {
    case 'together':
      return { nodes: startTogether(run, change.row, change.parts), options: {} };
    case 'free': {
      const { sites } = change;
      const isFree = ({ wait }: ReplayNode): boolean => wait !== null && sites.has(wait.site);
      const timers = new Set(run.nodes.filter(isFree).map(({ dependencies }) => dependencies[1]!.node));
      const nodes = run.nodes.map((node) => {
        if (isFree(node)) return withoutWait(node);
        return timers.has(node.index) && timerOf(trace, node.row) >= 0 ? atOnce(node) : node;
      });
      const runNs = (node: ReplayNode): number =>
        sites.has(trace.tasks.site[node.task]!) ? 0 : node.toNs - node.fromNs;
      return { nodes, options: { runNs } };
    }
    case 'pool': {
      const calls = [...trace.links.chunks].filter(([, { pool }]) => pool === change.resource);
      const rows = new Set(calls.map(([task]) => trace.rowOf(task)));
      return { nodes: run.nodes, options: { pool: { rows, size: change.size } } };
    }
    case 'split': {
      const isLock = LOCK_KINDS.has(trace.resources[change.resource]?.kind ?? 0);
      const nodes = run.nodes.map((node) =>
        isLock && node.wait?.resource === change.resource ? withoutWait(node) : node,
      );
      return { nodes, options: {} };
    }
  }
}

/** It goes on after its own last node; that it asked stays. */
const withoutWait = (node: ReplayNode): ReplayNode => ({
  ...node,
  dependencies: node.dependencies.slice(0, 1),
  leadNs: 0,
});

/** The timer of a wait that is gone. */
const atOnce = (node: ReplayNode): ReplayNode => ({
  ...node,
  dependencies: node.dependencies.map((dependency) => ({ ...dependency, latencyNs: 0 })),
  leadNs: 0,
});

/**
 * Each part hangs on what came before the first of them; what stood between the parts comes after
 * all of them, in its order.
 *
 *   before ─▶ part 1 ─▶ between ─▶ part 2 ─▶ after      before ─┬▶ part 1 ─┬▶ between ─▶ after
 *                                                               └▶ part 2 ─┘
 */
function startTogether(
  { nodes, byRow }: ReplayNodes,
  row: number,
  parts: readonly Interval[],
): readonly ReplayNode[] {
  const own = (byRow.get(row) ?? []).map((index) => nodes[index]!);
  /** −1: the node stands outside of them. They follow one another. */
  const partOf = ({ fromNs, toNs }: ReplayNode): number => {
    while (at < parts.length && parts[at]!.toNs < toNs) at++;
    const part = parts[at];
    return part !== undefined && fromNs >= part.fromNs && toNs <= part.toNs ? at : -1;
  };
  let at = 0;
  const firstNs = parts[0]?.fromNs ?? Number.POSITIVE_INFINITY;
  const before = own.findLast(({ toNs }) => toNs <= firstNs);
  if (before === undefined) return nodes;
  const changed = [...nodes];
  const byIndex = new Map(own.map((node) => [node.index, node]));
  /** The newest node of each part, and of what is outside of them. */
  const lastOfPart = new Map<number, ReplayNode>();
  const outside = new Map<number, ReplayNode>();
  let firstOutside: ReplayNode | undefined;
  let lastOutside: ReplayNode | undefined;
  for (const node of own) {
    if (node.fromNs < firstNs) continue;
    const part = partOf(node);
    if (part < 0) outside.set(node.index, node);
    const last = (part >= 0 ? lastOfPart.get(part) : lastOutside) ?? before;
    changed[node.index] = hangOn(node, last, byIndex);
    if (part >= 0) lastOfPart.set(part, node);
    else {
      firstOutside ??= node;
      lastOutside = node;
    }
  }
  // What a part began at its very beginning hangs on what stood before the part.
  const starts = new Set(parts.map(({ fromNs }) => fromNs));
  for (const node of nodes) {
    const [first] = node.dependencies;
    const caller = first === undefined ? undefined : outside.get(first.node);
    if (caller !== undefined && starts.has(caller.toNs) && node.row !== row)
      changed[node.index] = hangOn(node, before, outside);
  }
  const ends = [...lastOfPart.values()].map(endOf);
  // A part may be a wait alone: it begins where the parts begin, and what ends it is its end.
  for (const { index, wait } of outside.values()) {
    const part = parts.find(
      ({ fromNs, toNs }) => wait !== null && fromNs <= wait.startNs && wait.endNs <= toNs,
    );
    const node = changed[index]!;
    const [own, wake] = node.dependencies;
    if (part === undefined || wake === undefined) continue;
    const begunBy = byIndex.get(wake.node);
    const isBegun = begunBy?.toNs === part.fromNs && wake.offsetNs >= begunBy.toNs - begunBy.fromNs;
    const moved = isBegun ? { ...endOf(before), latencyNs: wake.latencyNs } : wake;
    changed[index] = { ...node, dependencies: [own!, moved] };
    ends.push(moved);
  }
  if (firstOutside !== undefined) {
    const node = changed[firstOutside.index]!;
    changed[firstOutside.index] = {
      ...node,
      isContinuation: false,
      dependencies: [...node.dependencies, ...ends],
    };
  }
  return changed;
}

/** The node's dependencies on ends of nodes of its own row go to this one. */
function hangOn(node: ReplayNode, last: ReplayNode, own: ReadonlyMap<number, ReplayNode>): ReplayNode {
  const isEnd = ({ node: on, offsetNs }: Dependency): boolean => {
    const of = on === last.index ? undefined : own.get(on);
    return of !== undefined && offsetNs >= of.toNs - of.fromNs;
  };
  const dependencies = node.dependencies.map((dependency) =>
    isEnd(dependency) ? { ...endOf(last), latencyNs: dependency.latencyNs } : dependency,
  );
  return { ...node, previous: last.index, isContinuation: false, dependencies };
}
