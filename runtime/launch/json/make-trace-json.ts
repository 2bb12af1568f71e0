/**
 * Makes the JSON of a folded trace. The limit cuts what is listed, never what is computed: counts
 * and longest waits cover everything.
 */
import {
  KEPT_REASONS,
  AGENT_NOTICES,
  LANE_KINDS,
  LANGUAGES,
  PROCESS_ENDS,
  RESOURCE_KINDS,
} from '../../trace/format/kinds.ts';
import type { Finding } from '../../trace/findings/finding.ts';
import {
  type KnownUntil,
  laneKnownUntil,
  laneNowOf,
  processKnownUntil,
} from '../../trace/model/known-until.ts';
import type { KeptSince } from '../../trace/model/kept-since.ts';
import type { Lane, Process, Resource, Trace } from '../../trace/model/trace.ts';
import { describeKept } from '../../trace/words/kept.ts';
import { plain } from '../../trace/words/sentence.ts';
import { makeTaskJson } from './make-task-json.ts';
import { siteJson } from './references.ts';
import type { FindingJson, KeptJson, LaneJson, ProcessJson, ResourceJson, TraceJson } from './trace-json.ts';
import type { WaitList } from './wait-list.ts';

export interface JsonInput {
  readonly trace: Trace;
  readonly waits: WaitList;
  readonly findings: readonly Finding[];
  readonly troubles: readonly string[];
  /** Indexes of the processes that still run. */
  readonly alive: ReadonlySet<number>;
  /** Entries of each list. */
  readonly limit: number;
}

/** The same with lists whose entries are made one at a time, each time they are gone through. */
export type LazyTraceJson = {
  readonly [Key in keyof TraceJson]: TraceJson[Key] extends readonly (infer Entry)[]
    ? Iterable<Entry>
    : TraceJson[Key];
};

export function makeTraceJson(input: JsonInput): TraceJson {
  const { processes, lanes, tasks, resources, findings, troubles, ...rest } = makeLazyTraceJson(input);
  return {
    ...rest,
    processes: [...processes],
    lanes: [...lanes],
    tasks: [...tasks],
    resources: [...resources],
    findings: [...findings],
    troubles: [...troubles],
  };
}

const makeKeptJson = (trace: Trace, { sinceNs, records, why, limitBytes }: KeptSince): KeptJson => ({
  sinceNs,
  records,
  reason: KEPT_REASONS[why] ?? '',
  limitBytes,
  words: describeKept(trace) ?? '',
});

/** The members stand in the order in which they are printed. */
export function makeLazyTraceJson(input: JsonInput): LazyTraceJson {
  const { trace, waits, findings, troubles, alive, limit } = input;
  const { rows, skippedRows } = listRows(trace, limit);
  return {
    events: trace.events,
    lost: trace.lost,
    durationNs: trace.endNs,
    ...(trace.kept === null ? {} : { kept: makeKeptJson(trace, trace.kept) }),
    processes: mapLazily(trace.processes, (process) => makeProcessJson(trace, process, alive)),
    lanes: mapLazily(trace.lanes.slice(0, limit), (lane) => makeLaneJson(trace, lane)),
    tasks: mapLazily(rows, (row) => makeTaskJson(trace, row, waits.byRow.get(row), alive)),
    resources: mapLazily(trace.resources.slice(0, limit), makeResourceJson),
    findings: mapLazily(findings.slice(0, limit), (finding) => makeFindingJson(trace, finding)),
    truncated: {
      tasks: skippedRows,
      waits: waits.skipped + keptElsewhere(waits, rows),
      resources: Math.max(0, trace.resources.length - limit),
      findings: Math.max(0, findings.length - limit),
    },
    troubles,
  };
}

const mapLazily = <From, To>(list: readonly From[], map: (entry: From) => To): Iterable<To> => ({
  *[Symbol.iterator]() {
    for (const entry of list) yield map(entry);
  },
});

/** Tasks that are nobody's frame. */
function listRows(trace: Trace, limit: number): { readonly rows: number[]; readonly skippedRows: number } {
  const { tasks } = trace;
  const rows: number[] = [];
  let skippedRows = 0;
  for (let task = 0; task < tasks.count; task++) {
    if (tasks.frameOf[task]! >= 0) continue;
    if (rows.length < limit) rows.push(task);
    else skippedRows++;
  }
  return { rows, skippedRows };
}

/** Waits that were kept for rows that are not listed. */
function keptElsewhere(waits: WaitList, rows: readonly number[]): number {
  const listed = new Set(rows);
  let count = 0;
  for (const [row, { kept }] of waits.byRow) if (!listed.has(row)) count += kept.length;
  return count;
}

const makeProcessJson = (trace: Trace, process: Process, alive: ReadonlySet<number>): ProcessJson => ({
  index: process.index,
  pid: process.pid,
  parentPid: process.parentPid,
  language: LANGUAGES[process.language] ?? '',
  argv: process.argv,
  version: process.version,
  startNs: process.startNs,
  endNs: process.endNs,
  clock: process.isVirtual ? 'virtual' : 'real',
  exitCode: process.exitCode,
  signal: process.signal,
  ended: process.endKind > 0 ? (PROCESS_ENDS[process.endKind] ?? '') : unrecordedEnd(process, alive),
  ...knownJson(processKnownUntil(trace, process)),
  ...(process.stops.all.length > 0 && { stops: process.stops.all }),
  news: process.notices.map(({ kind, text, count }) => ({ what: AGENT_NOTICES[kind] ?? '', text, count })),
});

const knownJson = ({ untilNs, why }: KnownUntil) => ({ knownUntilNs: untilNs, unknownBecause: why });

/** How a process ended that did not record its end itself; null: it still runs. */
const unrecordedEnd = (process: Process, alive: ReadonlySet<number>): string | null =>
  process.wasTerminated ? 'terminated' : alive.has(process.index) ? null : 'lost';

const makeLaneJson = (trace: Trace, lane: Lane): LaneJson => ({
  process: lane.process,
  number: lane.number,
  kind: LANE_KINDS[lane.kind] ?? '',
  name: lane.name,
  startNs: lane.startNs,
  endNs: lane.endNs,
  ...knownJson(laneKnownUntil(trace, lane)),
  busyNs: lane.busyNs + (lane.top >= 0 ? Math.max(0, laneNowOf(trace, lane) - lane.sinceNs) : 0),
});

const makeResourceJson = (resource: Resource): ResourceJson => ({
  id: `${resource.process}:${resource.id}`,
  kind: RESOURCE_KINDS[resource.kind] ?? '',
  name: resource.name,
  capacity: resource.capacity,
  maxDepth: resource.maxDepth,
  puts: resource.puts,
  gets: resource.gets,
});

const makeFindingJson = (trace: Trace, finding: Finding): FindingJson => ({
  rule: finding.rule,
  severity: finding.severity,
  words: plain(finding.words),
  sites: finding.sites.map((site) => siteJson(trace, site)).filter((site) => site !== null),
  tasks: finding.tasks.map((task) => trace.idOf(trace.rowOf(task))),
});
