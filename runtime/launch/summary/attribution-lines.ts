/** How much of a trace belongs to somebody, and what does not, as lines for a terminal. */
import { systemPid } from '../../trace/model/machines.ts';
import type { LaneAttribution, UnknownWaits, WaitAttribution } from '../../trace/summaries/attribution.ts';
import { SpanLog } from '../../trace/columns/span-log.ts';
import { attributeLanes, AttributionSums } from '../../trace/summaries/attribution.ts';
import { Trace } from '../../trace/model/trace.ts';
import { count, duration, share } from '../../trace/words/duration.ts';
import { sitePart } from '../../trace/words/parts.ts';
import { plain } from '../../trace/words/sentence.ts';
import { openTrace } from '../open-trace.ts';

/** The figures as they are, ns. */
export interface AttributionJson {
  readonly version: 1;
  readonly lanes: readonly (Omit<LaneAttribution, 'lane'> & { readonly name: string })[];
  readonly waits: Omit<WaitAttribution, 'unknown'> & {
    readonly unknown: readonly (Omit<UnknownWaits, 'site'> & { readonly site: string })[];
  };
}

const MAX_UNKNOWN = 12;
const MAX_UNSEEN = 3;

/** One sentence: why there is no trace. */
export function readAttribution(path: string): AttributionJson | string {
  const trace = new Trace();
  const spans = new SpanLog(trace);
  const sums = new AttributionSums(trace);
  const opened = openTrace(path, [spans, sums], trace);
  if (typeof opened === 'string') return opened;
  const { unknown, ...waits } = sums.waits();
  return {
    version: 1,
    lanes: attributeLanes(trace, spans).map(({ lane, ...figures }) => ({
      name: laneName(trace, lane),
      ...figures,
    })),
    waits: {
      ...waits,
      unknown: unknown.map((each) => ({ ...each, site: plain([sitePart(trace, each.site)]) })),
    },
  };
}

function laneName(trace: Trace, lane: number): string {
  const { name, process, number } = trace.lanes[lane]!;
  const thread = name || (number === 0 ? 'main thread' : `thread ${number}`);
  return trace.processes.length > 1
    ? `process ${systemPid(trace.processes[process]!.pid)}, ${thread}`
    : thread;
}

export function attributionLines({ lanes, waits }: AttributionJson): string[] {
  const lines: string[] = [];
  for (const { name, cpuNs, startNs, taskNs, seenNs, profiledNs, unseenNs, unseen } of lanes) {
    lines.push(
      `${name}: ${duration(cpuNs)} of CPU time; ${share(cpuNs - unseenNs, cpuNs)} of it is known: ` +
        `${duration(taskNs)} in tasks and callbacks, ${duration(startNs)} before the first` +
        `${seenNs > 0 ? `, ${duration(seenNs)} in code that was seen at work` : ''}` +
        `${profiledNs > 0 ? `; a profiler says of ${duration(profiledNs)} what worked` : ''}.`,
    );
    if (profiledNs > 0) continue;
    for (const { fromNs, toNs, ns, by } of unseen.slice(0, MAX_UNSEEN))
      lines.push(
        `  ${duration(ns)} not seen into, from ${duration(fromNs)} to ${duration(toNs)}${by && `: ${by}`}`,
      );
  }
  if (lanes.length === 0) lines.push('The system said nothing of the CPU time of its threads.');
  const { totalNs, wokenNs, namedNs, unknown } = waits;
  if (totalNs <= 0) return [...lines, 'Nobody waited.'];
  lines.push(
    `${duration(totalNs)} of waiting: who ended it is known for ${share(wokenNs, totalNs)}, ` +
      `what it was for has a name for ${share(namedNs, totalNs)}.`,
  );
  for (const { site, lacks, instead, ns, count: times } of unknown.slice(0, MAX_UNKNOWN)) {
    const why =
      lacks === 'waker'
        ? 'no waker was recorded'
        : instead === ''
          ? 'nothing is known of what it was for'
          : `no more is known than "${instead}"`;
    lines.push(`  ${duration(ns)} at ${site}, ${count(times, 'wait')}: ${why}`);
  }
  return lines;
}
