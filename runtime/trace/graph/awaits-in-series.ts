/** What a row awaited one after the other at some lines, as intervals that could lie together. */
import type { IndexedSpans, Interval, Span } from '../model/spans.ts';
import { resourceOfTarget, State, type Target } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { AwaitLog } from './await-log.ts';

export interface Series {
  readonly row: number;
  /** In the order of time; they do not overlap. */
  readonly parts: readonly Interval[];
}

interface Awaited extends Interval {
  readonly site: number;
}

/**
 * Of the row that awaited longest there. Where the awaits repeat, those of one round of the loop
 * are one part: from its first await to its last.
 * @returns null: nobody awaited there
 */
export function awaitsInSeries(
  { trace, spans }: { readonly trace: Trace; readonly spans: IndexedSpans },
  log: AwaitLog,
  sites: ReadonlySet<number>,
): Series | null {
  const byRow = new Map<number, Awaited[]>();
  const add = (row: number, awaited: Awaited): void => {
    const known = byRow.get(row);
    if (known === undefined) byRow.set(row, [awaited]);
    else known.push(awaited);
  };
  const { beganNs, endedNs } = trace.tasks;
  for (const { frame, site } of log.frames) {
    const toNs = endedNs[frame]!;
    if (sites.has(site) && !Number.isNaN(toNs))
      add(trace.rowOf(frame), { site, fromNs: beganNs[frame]!, toNs });
  }
  for (let row = 0; row < trace.tasks.count; row++) {
    if (trace.tasks.frameOf[row]! >= 0) continue;
    for (let i = 0; ; i++) {
      const span = spans.spanAt(row, i);
      if (span === null) break;
      if (span.state !== State.wait || !sites.has(span.ref)) continue;
      const runNs = spans.spanAt(row, i - 1)?.startNs ?? span.startNs;
      // What was begun in an earlier turn belongs to what came before.
      const began = begunAt(trace, span.target, spans.spanAt(row, i + 1)).filter((t) => t >= runNs);
      add(row, { site: span.ref, fromNs: Math.min(span.startNs, ...began), toNs: span.endNs });
    }
  }
  let longest: Series | null = null;
  let longestNs = 0;
  for (const [row, awaited] of byRow) {
    const parts = roundsOf(awaited.sort((a, b) => a.fromNs - b.fromNs));
    const ns = parts.reduce((sum, { fromNs, toNs }) => sum + toNs - fromNs, 0);
    if (ns > longestNs) [longest, longestNs] = [{ row, parts }, ns];
  }
  return longest;
}

/**
 * When what is awaited was begun, which is a little before the await: the resource, the timer that
 * ends it, the tasks of a group.
 */
function begunAt({ resources, groups, tasks }: Trace, target: Target, wake: Span | null): number[] {
  const resource = resourceOfTarget(target);
  const members = groups.get(resource)?.members ?? [];
  const timer = wake === null || wake.ref < 0 ? -1 : tasks.resource[wake.ref]!;
  return [
    ...[resource, timer, ...members.map(resourceOfTarget)].map((index) => resources[index]?.beganNs),
    ...members.map((member) => (member > 0 ? tasks.beganNs[member - 1] : undefined)),
  ].filter((t) => t !== undefined);
}

function roundsOf(awaited: readonly Awaited[]): Interval[] {
  const [first] = awaited;
  const repeats = new Set(awaited.map(({ site }) => site)).size < awaited.length;
  const parts: { fromNs: number; toNs: number }[] = [];
  for (const { site, fromNs, toNs } of awaited) {
    const last = parts.at(-1);
    const startNs = Math.max(fromNs, last?.toNs ?? fromNs);
    if (startNs >= toNs) continue;
    if (last === undefined || !repeats || site === first!.site) parts.push({ fromNs: startNs, toNs });
    else last.toNs = toNs;
  }
  return parts;
}
