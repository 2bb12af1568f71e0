/**
 * Who waited for whom at a moment: from each row that waited to the rows that held what it waited
 * for, or worked for it. A way that leads back to its beginning is a deadlock.
 */
import { GROUP_KIND, numberSet } from '../format/kinds.ts';
import { resourceOfTarget, State, taskOfTarget, type Target } from '../model/state.ts';
import type { Span, SpanSource } from '../model/spans.ts';
import type { Trace } from '../model/trace.ts';
import type { HolderLog } from './holder-log.ts';

const ANY_MEMBER_KINDS = numberSet(GROUP_KIND, 'race', 'any', 'wait');
/** Spans that begin in one nanosecond: more than ever do. */
const MAX_SIMULTANEOUS = 1000;

export interface WaitForSource {
  readonly trace: Trace;
  readonly spans: SpanSource;
  readonly holders: HolderLog;
}

/** A row that waited at the moment. */
export interface WaitingRow {
  readonly row: number;
  readonly sinceNs: number;
  /** The await; −1: not recorded. */
  readonly site: number;
  /** Index in REASONS. */
  readonly reason: number;
  readonly target: Target;
  /** The rows that it waited for: holders of the resource, the task, a group's open members. */
  readonly waitsFor: readonly number[];
  /** It needs each of them; false: any of them may let it go on. */
  readonly needsAll: boolean;
}

/** By row. */
export type WaitForGraph = ReadonlyMap<number, WaitingRow>;

export function waitForGraph(source: WaitForSource, t: number): WaitForGraph {
  const { trace } = source;
  const graph = new Map<number, WaitingRow>();
  for (let row = 0; row < trace.tasks.count; row++) {
    const span = spanAt(source, row, t);
    if (span?.state !== State.wait) continue;
    const { startNs: sinceNs, ref: site, reason, target } = span;
    const waitsFor = rowsBehind(source, target, t, row);
    const kind = trace.groups.get(resourceOfTarget(target))?.kind;
    const needsAll = kind !== undefined && !ANY_MEMBER_KINDS.has(kind);
    graph.set(row, { row, sinceNs, site, reason, target, waitsFor, needsAll });
  }
  return graph;
}

/** The span of the row at the moment; null: it is no row, or did not live then. */
export function spanAt(
  { trace, spans }: Pick<WaitForSource, 'trace' | 'spans'>,
  row: number,
  t: number,
): Span | null {
  const { frameOf, beganNs, endedNs } = trace.tasks;
  if (frameOf[row]! >= 0 || beganNs[row]! > t || endedNs[row]! < t) return null;
  return spans.spans(row, t, t + 1, MAX_SIMULTANEOUS)?.at(-1) ?? null;
}

/** The rows that hold what `row` waited for at a moment, or worked for it. */
export function rowsBehind(
  { trace, holders }: Pick<WaitForSource, 'trace' | 'holders'>,
  target: Target,
  t: number,
  row: number,
): number[] {
  const isOpen = (task: number): boolean => !(trace.tasks.endedNs[task]! <= t);
  const task = taskOfTarget(target);
  if (task >= 0) return isOpen(task) && trace.rowOf(task) !== row ? [trace.rowOf(task)] : [];
  const resource = resourceOfTarget(target);
  const group = trace.groups.get(resource);
  if (group === undefined) return resource < 0 ? [] : holders.holdersAt(resource, t);
  const members = group.members.filter((member) => member > 0 && isOpen(member - 1));
  return [...new Set(members.map((member) => trace.rowOf(member - 1)))].filter((member) => member !== row);
}

/**
 * Rows of which each waits for the next and the last for the first; each cycle once, from its
 * lowest row on.
 * A row that waits for one of several (a race, a pool of permits) is in a cycle only if all others
 * that could let it go on wait as well: else it may still go on.
 */
export function deadlocks(graph: WaitForGraph): number[][] {
  const stuck = stuckRows(graph);
  const found: number[][] = [];
  const seen = new Set<number>();
  for (const first of stuck) {
    const way: number[] = [];
    for (let row = first; !seen.has(row);) {
      seen.add(row);
      way.push(row);
      const next = graph.get(row)!.waitsFor.find((other) => stuck.has(other));
      if (next === undefined) break;
      const from = way.indexOf(next);
      if (from >= 0) found.push(startAtLowest(way.slice(from)));
      row = next;
    }
  }
  return found;
}

/** Rows all of whose ways lead to rows that wait: what is left when all others are taken away. */
function stuckRows(graph: WaitForGraph): Set<number> {
  const stuck = new Set(
    [...graph.values()].filter(({ waitsFor }) => waitsFor.length > 0).map(({ row }) => row),
  );
  for (let before = -1; before !== stuck.size;) {
    before = stuck.size;
    for (const row of stuck) {
      const { needsAll, waitsFor } = graph.get(row)!;
      const isStuck = (other: number): boolean => stuck.has(other);
      if (!(needsAll ? waitsFor.some(isStuck) : waitsFor.every(isStuck))) stuck.delete(row);
    }
  }
  return stuck;
}

function startAtLowest(cycle: readonly number[]): number[] {
  const at = cycle.indexOf(Math.min(...cycle));
  return [...cycle.slice(at), ...cycle.slice(0, at)];
}
