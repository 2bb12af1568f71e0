/**
 * A trace as JSON: what `simul show --json` prints. These names are a contract: scripts and tests
 * read them; new ones may be added, none may change its meaning. Ids are "process:number", times are ns from the
 * recording's start. Lists are bounded by `limit`, and `truncated` counts what was left out.
 */
import {
  ACTIVATION_KINDS,
  LANE_KINDS,
  LANGUAGES,
  OUTCOMES,
  PROCESS_ENDS,
  REASONS,
  RESOURCE_KINDS,
  AGENT_NOTICES,
} from '../trace/format/kinds.ts';
import { type Observer } from '../trace/fold/observer.ts';
import { State } from '../trace/model/state.ts';
import type { Process, Trace } from '../trace/model/trace.ts';
import { plain } from '../trace/words/sentence.ts';
import { cancelThatEnded } from '../trace/model/cut-short.ts';
import { keepWait } from '../trace/model/keep-wait.ts';
import { openNs, openWaitOf } from '../trace/model/open-waits.ts';
import { nowOf, terminatedWith, timesSoFar, untilOf } from '../trace/model/times-so-far.ts';
import type { EndedWait, Wait } from '../trace/model/wait.ts';
import type { Finding } from '../trace/findings/finding.ts';

export interface TraceJson {
  readonly events: number;
  readonly lost: number;
  readonly durationNs: number;
  readonly processes: readonly ProcessJson[];
  readonly lanes: readonly LaneJson[];
  readonly tasks: readonly TaskJson[];
  readonly resources: readonly ResourceJson[];
  readonly findings: readonly FindingJson[];
  /** How many of each list were left out because of the limit. */
  readonly truncated: Readonly<Record<'tasks' | 'waits' | 'resources' | 'findings', number>>;
  /** What is damaged or missing, one sentence each. */
  readonly troubles: readonly string[];
}

export interface ProcessJson {
  readonly index: number;
  readonly pid: number;
  readonly parentPid: number;
  readonly language: string;
  readonly argv: string;
  readonly version: string;
  readonly startNs: number;
  readonly endNs: number | null;
  /** `virtual`: it ran, or a part of it, on the library's virtual clock, and its times are none of the world's. */
  readonly clock: 'real' | 'virtual';
  readonly exitCode: number | null;
  readonly signal: number | null;
  /** How it ended: exit, uncaught, called, fork-exit; `terminated`: it did not say, and its parent saw it end; `lost`: it died without saying so; null: it runs. */
  readonly ended: string | null;
  /** What the instrument said of itself: on, off, fault, unseen, seen. */
  readonly news: readonly { readonly what: string; readonly text: string; readonly count: number }[];
}

export interface LaneJson {
  readonly process: number;
  readonly number: number;
  readonly kind: string;
  readonly name: string;
  readonly startNs: number;
  readonly endNs: number | null;
  /** Time in which it executed something of which there is a record. */
  readonly busyNs: number;
}

export interface SiteJson {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The function it stands in, as far as that has a name; '' otherwise. */
  readonly function: string;
  /** What is awaited, returned or yielded there, as written; '' for a function's beginning. */
  readonly text: string;
}

export interface TaskJson {
  readonly id: string;
  readonly parent: string | null;
  readonly kind: string;
  readonly name: string;
  /** The name as the table and the findings say it: told apart by "#n" where several have it. */
  readonly label: string;
  readonly site: SiteJson | null;
  readonly state: 'run' | 'ready' | 'wait' | 'ended';
  readonly outcome: 'ok' | 'error' | 'cancelled' | 'terminated' | 'lost' | null;
  /** The error's name, when the outcome is one. */
  readonly error: string | null;
  readonly startNs: number;
  readonly endNs: number | null;
  readonly runNs: number;
  readonly readyNs: number;
  readonly waitNs: number;
  /** As many as `limit` left; the two below count all of them. */
  readonly waits: readonly WaitJson[];
  readonly waitCount: number;
  readonly longestWait: WaitJson | null;
  /** Of a pool's job: what it works on, who asked for it and when, and when that one heard of its end; null: it is none. */
  readonly job: JobJson | null;
}

export interface JobJson {
  readonly pool: string | null;
  /** Index of the first item, and how many; 0 items: a call by itself. */
  readonly first: number;
  readonly items: number;
  readonly submitter: string | null;
  readonly askedNs: number | null;
  readonly heardNs: number | null;
}

export interface WaitJson {
  readonly startNs: number;
  readonly ns: number;
  /** Why, as in the record; null: not recorded. */
  readonly reason: string | null;
  /** The resource or task that was waited for; null: not recorded. */
  readonly resource: string | null;
  readonly resourceName: string | null;
  readonly site: SiteJson | null;
  /** Where the function that waits was awaited, and that one in turn, up to the task's own; the innermost first. */
  readonly callers: readonly SiteJson[];
  /** The task that ended the wait; null: none was recorded, or it was no other (`ownWork`). */
  readonly waker: string | null;
  /** A cancel of this task ended the wait. */
  readonly cancelled: boolean;
  /** The task that asked for it; null: the wait was not cancelled, or no task was recorded: a timer's callback, the world. */
  readonly cancelledBy: string | null;
  /** What it waited for came out of what the task itself had set going: a body that had arrived already, a microtask. */
  readonly ownWork: boolean;
  /** It was still going on when the recording ended. */
  readonly open: boolean;
}

export interface ResourceJson {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly capacity: number | null;
  readonly maxDepth: number;
  readonly puts: number;
  readonly gets: number;
}

export interface FindingJson {
  readonly rule: string;
  readonly severity: string;
  readonly words: string;
  readonly sites: readonly SiteJson[];
  readonly tasks: readonly string[];
}

interface RowWaits {
  count: number;
  longest: Wait;
  readonly kept: Wait[];
}

/** Keeps the waits that go into the JSON; of the rest, how many there were and the longest of each row. */
export class WaitList implements Observer {
  readonly byRow = new Map<number, RowWaits>();
  kept = 0;
  leftOut = 0;
  readonly #trace: Trace;
  readonly #limit: number;

  constructor(trace: Trace, limit: number) {
    this.#trace = trace;
    this.#limit = limit;
  }

  waitEnded(ended: EndedWait): void {
    const { row, startNs, endNs } = ended;
    const known = this.byRow.get(row);
    const isLongest = !known || endNs - startNs > lengthOf(known.longest);
    const isKept = this.kept < this.#limit;
    if (known) known.count++;
    if (isKept) this.kept++;
    else this.leftOut++;
    if (!isLongest && !isKept) return;
    const wait = keepWait(this.#trace, ended);
    if (!known) this.byRow.set(row, { count: 1, longest: wait, kept: isKept ? [wait] : [] });
    else {
      if (isLongest) known.longest = wait;
      if (isKept) known.kept.push(wait);
    }
  }

  /** A row that turned out to be a frame: its caller waited. */
  taskAbsorbed(task: number, into: number): void {
    const its = this.byRow.get(task);
    if (!its || task === into) return;
    this.byRow.delete(task);
    const theirs = this.byRow.get(into);
    if (!theirs) this.byRow.set(into, its);
    else {
      theirs.count += its.count;
      theirs.kept.push(...its.kept);
      if (lengthOf(its.longest) > lengthOf(theirs.longest)) theirs.longest = its.longest;
    }
  }
}

const lengthOf = (wait: Wait): number => wait.endNs! - wait.startNs;

export interface JsonInput {
  readonly trace: Trace;
  readonly waits: WaitList;
  readonly findings: readonly Finding[];
  readonly troubles: readonly string[];
  /** Processes that still run. */
  readonly alive: ReadonlySet<number>;
  readonly limit: number;
}

export function traceJson({ trace, waits, findings, troubles, alive, limit }: JsonInput): TraceJson {
  const { tasks } = trace;
  const rows: number[] = [];
  let rowsLeftOut = 0;
  for (let task = 0; task < tasks.count; task++) {
    if (tasks.frameOf[task]! >= 0) continue;
    if (rows.length < limit) rows.push(task);
    else rowsLeftOut++;
  }
  let waitsLeftOut = waits.leftOut;
  const json: TaskJson[] = [];
  for (const row of rows) json.push(taskJson(trace, row, waits.byRow.get(row), alive));
  const shown = new Set(rows);
  for (const [row, { kept }] of waits.byRow) if (!shown.has(row)) waitsLeftOut += kept.length;

  return {
    events: trace.events,
    lost: trace.lost,
    durationNs: trace.endNs,
    processes: trace.processes.map((it) => ({
      index: it.index,
      pid: it.pid,
      parentPid: it.parentPid,
      language: LANGUAGES[it.language] ?? '',
      argv: it.argv,
      version: it.version,
      startNs: it.startNs,
      endNs: it.endNs,
      clock: it.isVirtual ? 'virtual' : 'real',
      exitCode: it.exitCode,
      signal: it.signal,
      ended: it.endKind > 0 ? (PROCESS_ENDS[it.endKind] ?? '') : endedUnsaid(it, alive),
      news: it.notices.map(({ kind: news, text, count }) => ({
        what: AGENT_NOTICES[news] ?? '',
        text,
        count,
      })),
    })),
    lanes: trace.lanes.slice(0, limit).map((it) => ({
      process: it.process,
      number: it.number,
      kind: LANE_KINDS[it.kind] ?? '',
      name: it.name,
      startNs: it.startNs,
      endNs: it.endNs,
      busyNs: it.busyNs + (it.stack.length > 0 ? Math.max(0, untilOf(trace, it) - it.sinceNs) : 0),
    })),
    tasks: json,
    resources: trace.resources.slice(0, limit).map((it) => ({
      id: `${it.process}:${it.id}`,
      kind: RESOURCE_KINDS[it.kind] ?? '',
      name: it.name,
      capacity: it.capacity,
      maxDepth: it.maxDepth,
      puts: it.puts,
      gets: it.gets,
    })),
    findings: findings.slice(0, limit).map((it) => ({
      rule: it.rule,
      severity: it.severity,
      words: plain(it.words),
      sites: it.sites.map((site) => siteJson(trace, site)).filter((site) => site !== null),
      tasks: it.tasks.map((task) => trace.idOf(trace.rowOf(task))),
    })),
    truncated: {
      tasks: rowsLeftOut,
      waits: waitsLeftOut,
      resources: Math.max(0, trace.resources.length - limit),
      findings: Math.max(0, findings.length - limit),
    },
    troubles,
  };
}

const endedUnsaid = (it: Process, alive: ReadonlySet<number>): string | null =>
  it.wasTerminated ? 'terminated' : alive.has(it.index) ? null : 'lost';

const STATES = ['ready', 'run', 'ready', 'wait', 'ended', 'run'] as const;

function taskJson(
  trace: Trace,
  row: number,
  waits: RowWaits | undefined,
  alive: ReadonlySet<number>,
): TaskJson {
  const { tasks } = trace;
  const process = trace.processes[tasks.process[row]!]!;
  const state = tasks.rowState[row]!;
  const ended = state === State.ended;
  const terminated = terminatedWith(trace, row) !== null;
  const died = process.endKind === 0 && !alive.has(process.index);
  const { runNs, readyNs, waitNs } = timesSoFar(trace, row);
  const parent = tasks.parent[row]!;
  const list = (waits?.kept ?? []).map((wait) => waitJson(trace, wait));
  let longest = waits ? waitJson(trace, waits.longest) : null;
  const goesOn = openWaitOf(trace, row);
  if (goesOn) {
    const open = waitJson(trace, goesOn);
    list.push(open);
    if (!longest || open.ns > longest.ns) longest = open;
  }
  return {
    id: trace.idOf(row),
    parent: rowId(trace, parent),
    kind: ACTIVATION_KINDS[tasks.kind[row]!] ?? '',
    name: trace.nameOf(row),
    label: trace.labelOf(row),
    site: siteJson(trace, tasks.site[row]!),
    state: STATES[state] ?? 'ready',
    outcome: ended
      ? (((OUTCOMES[tasks.outcome[row]!] ?? '') || null) as TaskJson['outcome'])
      : terminated
        ? 'terminated'
        : died
          ? 'lost'
          : null,
    error: trace.text(tasks.error[row]!) || null,
    startNs: tasks.beganNs[row]!,
    endNs: ended ? tasks.endedNs[row]! : terminated ? nowOf(trace, row) : null,
    runNs,
    readyNs,
    waitNs,
    waits: list,
    waitCount: (waits?.count ?? 0) + (goesOn ? 1 : 0),
    longestWait: longest,
    job: jobJson(trace, row),
  };
}

function jobJson(trace: Trace, row: number): JobJson | null {
  const chunk = trace.links.chunks.get(row);
  if (chunk === undefined) return null;
  const there = trace.links.submissionOf(row);
  const back = trace.links.answerOf(row);
  return {
    pool: resourceId(trace, chunk.pool),
    first: chunk.first,
    items: chunk.items,
    submitter: there === null ? null : rowId(trace, there.sender),
    askedNs: there === null || Number.isNaN(there.sentNs) ? null : there.sentNs,
    heardNs: back === null || Number.isNaN(back.receivedNs) ? null : back.receivedNs,
  };
}

function resourceId(trace: Trace, index: number): string | null {
  const resource = trace.resources[index];
  return resource === undefined ? null : `${resource.process}:${resource.id}`;
}

function waitJson(trace: Trace, wait: Wait): WaitJson {
  const resource = wait.target < 0 ? trace.resources[-wait.target - 1] : undefined;
  const task = wait.target > 0 ? wait.target - 1 : -1;
  const cancel = cancelThatEnded(trace, wait);
  const ownWork = wait.waker >= 0 && trace.rowOf(wait.waker) === trace.rowOf(wait.row);
  return {
    startNs: wait.startNs,
    ns: openNs(trace, wait),
    reason: (REASONS[wait.reason] ?? '') || null,
    resource: resource ? `${resource.process}:${resource.id}` : rowId(trace, task),
    resourceName: resource
      ? resource.name || (RESOURCE_KINDS[resource.kind] ?? null)
      : task >= 0
        ? trace.nameOf(task)
        : null,
    site: siteJson(trace, wait.site),
    callers: (wait.awaitStack ?? []).map((site) => siteJson(trace, site)).filter((site) => site !== null),
    waker: ownWork ? null : rowId(trace, wait.waker),
    cancelled: cancel !== null,
    cancelledBy: rowId(trace, cancel?.by ?? -1),
    ownWork,
    open: wait.endNs === null && !terminatedWith(trace, wait.row),
  };
}

/** The row that speaks for a task: frames have no entry of their own. */
const rowId = (trace: Trace, task: number): string | null =>
  task < 0 ? null : trace.idOf(trace.rowOf(task));

function siteJson(trace: Trace, site: number): SiteJson | null {
  const it = trace.sites[site];
  if (!it) return null;
  const named = it.fn.startsWith('<') ? '' : it.fn;
  return { file: it.file, line: it.line, column: it.column, function: named, text: it.text };
}
