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
  AGENT_NEWS,
} from '../trace/format/kinds.ts';
import { State, type Observer, type Target } from '../trace/fold/observer.ts';
import type { Trace } from '../trace/fold/trace.ts';
import { plain } from '../trace/words/sentence.ts';
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
  readonly exitCode: number | null;
  readonly signal: number | null;
  /** How it ended: exit, uncaught, called, fork-exit; `lost`: it died without saying so; null: it runs. */
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
  /** What is awaited, returned or yielded there, as written; '' for a function's beginning. */
  readonly text: string;
}

export interface TaskJson {
  readonly id: string;
  readonly parent: string | null;
  readonly kind: string;
  readonly name: string;
  readonly site: SiteJson | null;
  readonly state: 'run' | 'ready' | 'wait' | 'ended';
  readonly outcome: 'ok' | 'error' | 'cancelled' | 'lost' | null;
  /** The error's name, when the outcome is one. */
  readonly error: string | null;
  readonly startNs: number;
  readonly endNs: number | null;
  readonly runNs: number;
  readonly readyNs: number;
  readonly waitNs: number;
  readonly waits: readonly WaitJson[];
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
  /** The task that ended the wait; null: none was recorded. */
  readonly waker: string | null;
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

interface Wait {
  readonly startNs: number;
  readonly endNs: number;
  readonly reason: number;
  readonly target: Target;
  readonly site: number;
  readonly waker: number;
}

/** Keeps the waits that go into the JSON; counts the rest. */
export class WaitList implements Observer {
  readonly byRow = new Map<number, Wait[]>();
  kept = 0;
  leftOut = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  waited(
    row: number,
    _task: number,
    startNs: number,
    endNs: number,
    reason: number,
    target: Target,
    site: number,
    waker: number,
  ): void {
    if (this.kept >= this.#limit) {
      this.leftOut++;
      return;
    }
    this.kept++;
    const wait = { startNs, endNs, reason, target, site, waker };
    const list = this.byRow.get(row);
    if (list) list.push(wait);
    else this.byRow.set(row, [wait]);
  }

  /** A row that turned out to be a frame: its caller waited. */
  absorbed(task: number, into: number): void {
    const list = this.byRow.get(task);
    if (!list || task === into) return;
    this.byRow.delete(task);
    this.byRow.set(into, [...(this.byRow.get(into) ?? []), ...list]);
  }
}

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
  for (const row of rows) json.push(taskJson(trace, row, waits.byRow.get(row) ?? [], alive));
  const shown = new Set(rows);
  for (const [row, list] of waits.byRow) if (!shown.has(row)) waitsLeftOut += list.length;

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
      exitCode: it.exitCode,
      signal: it.signal,
      ended: it.how > 0 ? (PROCESS_ENDS[it.how] ?? '') : alive.has(it.index) ? null : 'lost',
      news: it.news.map(({ news, text, count }) => ({ what: AGENT_NEWS[news] ?? '', text, count })),
    })),
    lanes: trace.lanes.slice(0, limit).map((it) => ({
      process: it.process,
      number: it.number,
      kind: LANE_KINDS[it.kind] ?? '',
      name: it.name,
      startNs: it.startNs,
      endNs: it.endNs,
      busyNs: it.busyNs + (it.stack.length > 0 ? Math.max(0, trace.endNs - it.sinceNs) : 0),
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

const STATES = ['ready', 'run', 'ready', 'wait', 'ended', 'run'] as const;

function taskJson(trace: Trace, row: number, waits: readonly Wait[], alive: ReadonlySet<number>): TaskJson {
  const { tasks } = trace;
  const process = trace.processes[tasks.process[row]!]!;
  const state = tasks.rowState[row]!;
  const ended = state === State.ended;
  const died = process.how === 0 && !alive.has(process.index);
  // The span that is going on is not in the sums yet.
  const untilNs = process.endNs ?? trace.endNs;
  const openNs = ended ? 0 : Math.max(0, untilNs - tasks.rowSinceNs[row]!);
  const parent = tasks.parent[row]!;
  const list = waits.map((wait) => waitJson(trace, wait, false));
  const leaf = tasks.leaf[row]!;
  if (state === State.wait) {
    const open = {
      startNs: tasks.rowSinceNs[row]!,
      endNs: tasks.rowSinceNs[row]! + openNs,
      reason: tasks.reason[leaf]!,
      target: tasks.target[leaf]!,
      site: tasks.waitSite[leaf]!,
      waker: -1,
    };
    list.push(waitJson(trace, open, true));
  }
  return {
    id: trace.idOf(row),
    parent: rowId(trace, parent),
    kind: ACTIVATION_KINDS[tasks.kind[row]!] ?? '',
    name: trace.nameOf(row),
    site: siteJson(trace, tasks.site[row]!),
    state: STATES[state] ?? 'ready',
    outcome: ended
      ? (((OUTCOMES[tasks.outcome[row]!] ?? '') || null) as TaskJson['outcome'])
      : died
        ? 'lost'
        : null,
    error: trace.text(tasks.error[row]!) || null,
    startNs: tasks.beganNs[row]!,
    endNs: ended ? tasks.endedNs[row]! : null,
    runNs: tasks.runNs[row]! + (state === State.run ? openNs : 0),
    readyNs: tasks.readyNs[row]! + (state === State.ready ? openNs : 0),
    waitNs: tasks.waitNs[row]! + (state === State.wait ? openNs : 0),
    waits: list,
  };
}

function waitJson(trace: Trace, wait: Wait, open: boolean): WaitJson {
  const resource = wait.target < 0 ? trace.resources[-wait.target - 1] : undefined;
  const task = wait.target > 0 ? wait.target - 1 : -1;
  return {
    startNs: wait.startNs,
    ns: wait.endNs - wait.startNs,
    reason: (REASONS[wait.reason] ?? '') || null,
    resource: resource ? `${resource.process}:${resource.id}` : rowId(trace, task),
    resourceName: resource
      ? resource.name || (RESOURCE_KINDS[resource.kind] ?? null)
      : task >= 0
        ? trace.nameOf(task)
        : null,
    site: siteJson(trace, wait.site),
    waker: rowId(trace, wait.waker),
    open,
  };
}

/** The row that speaks for a task: frames have no entry of their own. */
const rowId = (trace: Trace, task: number): string | null =>
  task < 0 ? null : trace.idOf(trace.rowOf(task));

function siteJson(trace: Trace, site: number): SiteJson | null {
  const it = trace.sites[site];
  return it ? { file: it.file, line: it.line, column: it.column, text: it.text } : null;
}
