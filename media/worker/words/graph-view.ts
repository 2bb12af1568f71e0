/**
 * The *Graph* tab: who waited for whom at a moment. Cycles come first: what stands in one can never
 * go on. Of many waiting tasks only a part is shown, and how many there are is said.
 */
import {
  deadlocks,
  waitForGraph,
  type WaitForGraph,
  type WaitingRow,
} from '../../../runtime/trace/graph/wait-for.ts';
import { resourceOfTarget } from '../../../runtime/trace/model/state.ts';
import { describeDeadlock } from '../../../runtime/trace/words/deadlock.ts';
import { count, duration } from '../../../runtime/trace/words/duration.ts';
import { splitFirstSentence } from '../../../runtime/trace/words/first-sentence.ts';
import type { Sentence } from '../../../runtime/trace/words/sentence.ts';
import type { GraphEdge, GraphView } from '../../messages.ts';
import type { Session } from '../session/session.ts';

const MAX_EDGES = 60;

export function graphView(session: Session, atNs: number): GraphView {
  const { trace, columns: spans, holders, firstNs } = session;
  const graph = waitForGraph({ trace, spans, holders }, atNs);
  const cycles = deadlocks(graph);
  const inCycle = new Set(cycles.flatMap((cycle) => cycle.map((row, i) => edgeKey(row, next(cycle, i)))));
  const waiting = [...graph.values()].filter(({ waitsFor }) => waitsFor.length > 0);
  const all = waiting.flatMap((wait) => edgesOf(session, wait, inCycle));
  const rings = ringsAt(session, graph);
  for (const edge of rings.flatMap(({ edges }) => edges))
    if (!all.some(({ from, to }) => from === edge.from && to === edge.to)) all.push(edge);
  // Cycles first, then who waited longest.
  all.sort((a, b) => Number(b.isCycle) - Number(a.isCycle) || a.sinceNs - b.sinceNs);
  const edges = all.slice(0, MAX_EDGES);
  const rows = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const at = duration(Math.max(0, atNs - firstNs));
  const words: Sentence[] = cycles.map((cycle) =>
    describeDeadlock(
      trace,
      cycle.map((row) => graph.get(row)!),
    ),
  );
  if (words.length === 0) words.push(...rings.map((ring) => ring.words));
  return {
    words: words.length > 0 ? words : [[`At ${at} ${countWaits(graph.size, waiting.length)}.`]],
    nodes: [...rows].map((task) => ({
      task,
      label: trace.labelOf(task),
      isCycle:
        cycles.some((cycle) => cycle.includes(task)) ||
        rings.some((ring) => ring.edges.some(({ from }) => from === task)),
      isWaiting: graph.has(task),
    })),
    edges,
    moreEdges: all.length - edges.length,
    atNs,
  };
}

interface Ring {
  readonly words: Sentence;
  readonly edges: readonly GraphEdge[];
}

/** Circles that a finding has put together, where all of their waits go on at the moment. */
function ringsAt({ trace, findings }: Session, graph: WaitForGraph): Ring[] {
  const whole = findings.filter(({ ring }) => ring?.every(({ row }) => graph.has(row)) === true);
  return whole.map(({ ring = [], words }) => ({
    words: splitFirstSentence(words).first,
    edges: ring.map(({ row, to, resource }) => ({
      from: row,
      to,
      label: trace.resources[resource]?.name ?? '',
      sinceNs: graph.get(row)!.sinceNs,
      isCycle: true,
    })),
  }));
}

function countWaits(waits: number, forTasks: number): string {
  if (waits === 0) return 'no task waited';
  return `${count(waits, 'task')} waited, ${forTasks === 0 ? 'none' : forTasks} of them for another task`;
}
const edgeKey = (from: number, to: number): string => `${from} ${to}`;
const next = (cycle: readonly number[], i: number): number => cycle[(i + 1) % cycle.length]!;

function edgesOf({ trace }: Session, wait: WaitingRow, inCycle: ReadonlySet<string>): GraphEdge[] {
  const { row, waitsFor, target, sinceNs } = wait;
  const label = trace.resources[resourceOfTarget(target)]?.name ?? '';
  return waitsFor.map((to) => ({
    from: row,
    to,
    label,
    sinceNs,
    isCycle: inCycle.has(edgeKey(row, to)),
  }));
}
