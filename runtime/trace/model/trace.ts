/**
 * The model: what a recording says, as of the records folded so far. Written by the fold
 * alone, read by everybody. Everything with many members is a table of columns, one typed array
 * a field; index = the order of appearance. −1 is "none" in index columns, 0 in id columns.
 * Times are ns from `startNs`.
 */
import { ACTIVATION_KIND, LANE_KIND, SITE_ROLE } from '../format/kinds.ts';
import type { BudgetName } from './budget.ts';
import type { KeptSince } from './kept-since.ts';
import { Cancels } from './cancels.ts';
import { displayPath, displayPlace } from './display-path.ts';
import { growColumn } from './grow-column.ts';
import { Holds } from './holds.ts';
import { Profile } from './profile.ts';
import { ThreadTimesLog } from './thread-times-log.ts';
import type { Fact } from './fact.ts';
import { JobLog } from './job-log.ts';
import { type Chunk, Links } from './links.ts';
import { Losses } from './losses.ts';
import { Machines } from './machines.ts';
import type { Group, Resource } from './resource.ts';
import { Silenced } from './silenced.ts';
import type { Stops } from './stops.ts';
import { ValueLog } from './value-log.ts';

export type { Group, Resource };
export type { Fact } from './fact.ts';

const ANONYMOUS = '<anonymous>';
const FUNCTION = SITE_ROLE.function;
const MAIN = ACTIVATION_KIND.main;
/** The agent's name for the resource that begins a request handler. */
export const REQUEST_RESOURCE_NAME = 'a request to the HTTP server';

/**
 * Tasks and frames alike: every activation has a row here, also one that has none in the picture.
 */
export class TaskTable {
  count = 0;
  #capacity = 0;
  /** The id in its process; `process` + `id` name the task in JSON ("0:17"). */
  id = new Uint32Array(0);
  process = new Int32Array(0);
  lane = new Int32Array(0);
  parent = new Int32Array(0);
  /** The activation that awaits it at once; −1: it is a row. */
  frameOf = new Int32Array(0);
  /** A shorter way from a frame to its row, see `Trace.rowOf`; −1: it is a row. */
  rowLink = new Int32Array(0);
  /** Of a row: its deepest frame (itself when it has none). */
  leaf = new Int32Array(0);
  kind = new Uint8Array(0);
  flags = new Uint8Array(0);
  name = new Int32Array(0);
  /** Its number among the tasks of its name, from 1. */
  ordinal = new Int32Array(0);
  site = new Int32Array(0);
  resource = new Int32Array(0);
  /** State of the activation itself. */
  state = new Uint8Array(0);
  outcome = new Uint8Array(0);
  error = new Int32Array(0);
  /** Where it ended: its `return`, or where its error was thrown; −1: not recorded. */
  endSite = new Int32Array(0);
  canceller = new Int32Array(0);
  /** The call that left its promise, which nobody has taken; −1: none is known. */
  droppedAt = new Int32Array(0);
  /** The line that made it; −1: not recorded. */
  madeAt = new Int32Array(0);
  /** Processor time that it had, µs; 0: not known. */
  cpuUs = new Uint32Array(0);
  /** How many sixteenths of its time it could have run, and the machine ran others. */
  starved = new Uint8Array(0);
  /** 1: it stopped as often as the interpreter's lock makes a thread stop. */
  isLocked = new Uint8Array(0);
  /** While waiting: why, where, for what, since when. */
  reason = new Uint8Array(0);
  waitSite = new Int32Array(0);
  /** The type of the value that it gave when it began to wait, a text; −1: none, or unknown. */
  gave = new Int32Array(0);
  target = new Int32Array(0);
  sinceNs = new Float64Array(0);
  /** Who made it ready; −1: none recorded. */
  waker = new Int32Array(0);
  beganNs = new Float64Array(0);
  endedNs = new Float64Array(0);
  /**
   * From here on: of a row, its frames included. The sums hold spans that have ended; of the span
   * that goes on see `rowSinceNs`, and `topNs` of the lane.
   */
  rowState = new Uint8Array(0);
  rowSinceNs = new Float64Array(0);
  /**
   * Only the time on top of its lane: the run of a callee with a row of its own is the callee's.
   */
  runNs = new Float64Array(0);
  readyNs = new Float64Array(0);
  waitNs = new Float64Array(0);

  add(): number {
    const i = this.count++;
    if (i >= this.#capacity) this.#grow(Math.max(1024, this.#capacity * 2));
    return i;
  }

  #grow(capacity: number): void {
    this.#capacity = capacity;
    this.id = growColumn(this.id, capacity);
    this.process = growColumn(this.process, capacity);
    this.lane = growColumn(this.lane, capacity);
    this.parent = growColumn(this.parent, capacity);
    this.frameOf = growColumn(this.frameOf, capacity);
    this.rowLink = growColumn(this.rowLink, capacity);
    this.leaf = growColumn(this.leaf, capacity);
    this.kind = growColumn(this.kind, capacity);
    this.flags = growColumn(this.flags, capacity);
    this.name = growColumn(this.name, capacity);
    this.ordinal = growColumn(this.ordinal, capacity);
    this.site = growColumn(this.site, capacity);
    this.resource = growColumn(this.resource, capacity);
    this.state = growColumn(this.state, capacity);
    this.outcome = growColumn(this.outcome, capacity);
    this.error = growColumn(this.error, capacity);
    this.endSite = growColumn(this.endSite, capacity);
    this.canceller = growColumn(this.canceller, capacity);
    this.droppedAt = growColumn(this.droppedAt, capacity);
    this.madeAt = growColumn(this.madeAt, capacity);
    this.cpuUs = growColumn(this.cpuUs, capacity);
    this.starved = growColumn(this.starved, capacity);
    this.isLocked = growColumn(this.isLocked, capacity);
    this.reason = growColumn(this.reason, capacity);
    this.waitSite = growColumn(this.waitSite, capacity);
    this.gave = growColumn(this.gave, capacity);
    this.target = growColumn(this.target, capacity);
    this.sinceNs = growColumn(this.sinceNs, capacity);
    this.waker = growColumn(this.waker, capacity);
    this.beganNs = growColumn(this.beganNs, capacity);
    this.endedNs = growColumn(this.endedNs, capacity);
    this.rowState = growColumn(this.rowState, capacity);
    this.rowSinceNs = growColumn(this.rowSinceNs, capacity);
    this.runNs = growColumn(this.runNs, capacity);
    this.readyNs = growColumn(this.readyNs, capacity);
    this.waitNs = growColumn(this.waitNs, capacity);
  }
}

export interface Process {
  readonly index: number;
  /** Its beginning was read. */
  hasBegun: boolean;
  /** The machine it ran on: its number in `trace.machines`. */
  machine: number;
  /** One of its own in the trace; the system's is `systemPid(pid)`. */
  pid: number;
  parentPid: number;
  language: number;
  method: number;
  /** As recorded: the words of the command line, one a line. */
  argv: string;
  version: string;
  startNs: number;
  /** Of what happened before, only what went on then is known. 0: all was kept. */
  keptSinceNs: number;
  endNs: number | null;
  /** How many of its records were read, those included for which a checkpoint stands. */
  records: number;
  /** Time of its last record: nothing is known of the process after that, unless its end is. */
  lastNs: number;
  /**
   * Time of its last own record, where a signal ended it and who saw that wrote its end: what it
   * did after that could not be written. Null: nothing is missing at its end.
   */
  cutNs: number | null;
  exitCode: number | null;
  signal: number | null;
  /**
   * Its parent saw it end, or saw later that it had ended. Without an end of its own it was
   * terminated; `endNs` says when, if that is known.
   */
  wasTerminated: boolean;
  /** The trace was saved while it ran. */
  ranWhenSaved: boolean;
  /** Index in PROCESS_ENDS; 0: it recorded no end. */
  endKind: number;
  /** Where it called for its end, by `process.exit` or a signal to itself; −1: it did not. */
  endSite: number;
  /** Index of the text of the error that nobody caught; −1: none was recorded. */
  uncaught: number;
  /** It ran, in part at least, on the library's virtual clock: its durations are not real time. */
  isVirtual: boolean;
  /** When no thread of it ran, since it was stopped from outside. */
  readonly stops: Stops;
  /** What the agent said of itself. */
  readonly notices: AgentNotice[];
}

export interface AgentNotice {
  /** Index in AGENT_NOTICES. */
  readonly kind: number;
  readonly text: string;
  readonly site: number;
  readonly count: number;
  readonly t: number;
}

export interface Lane {
  readonly index: number;
  readonly process: number;
  readonly number: number;
  kind: number;
  name: string;
  osThread: number;
  sharesGil: boolean;
  startNs: number;
  endNs: number | null;
  /** Index in LANE_ENDS; 0: no end was recorded. */
  endKind: number;
  /** Who called for its end, and where; −1: nobody did, or it was not recorded. */
  endedBy: number;
  endSite: number;
  /** The task that it executes; −1: nothing that was recorded. */
  top: number;
  /** When the top last changed, and the busy time before that. */
  sinceNs: number;
  busyNs: number;
  /**
   * Since when the task on top runs; NaN while the lane is stopped from outside. Without a meaning
   * while there is none.
   */
  topNs: number;
}

export interface SiteInfo {
  readonly index: number;
  readonly process: number;
  /** As recorded, to find the file by; what is shown goes through `displayPath` or `printable`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly fn: string;
  readonly text: string;
  /** Index in SITE_ROLES. */
  readonly role: number;
  readonly direct: boolean;
  /** Index in SITE_NOTES. */
  readonly note: number;
  readonly lineHash: number;
}

export class Trace {
  /** Monotonic ns of time 0; null until the first timed record. */
  startNs: bigint | null = null;
  /** Wall clock of time 0, ns since 1970; null until a clock record. */
  wallNs: bigint | null = null;
  endNs = 0;
  /** No more records will come, however the program ended. */
  isOver = false;
  /** Records folded, definitions included. */
  events = 0;
  /**
   * While a record is folded: its number among those of its process, see event-id.ts. What an
   * observer is told of tasks of that process is told by this record.
   */
  recordNumber = 0;
  /** Records known to be missing. */
  lost = 0;
  /** What was let go of the beginning; null: nothing was. */
  kept: KeptSince | null = null;
  /** Records of a kind or with ids that this reader does not know. */
  unknown = 0;
  readonly tasks = new TaskTable();
  readonly processes: Process[] = [];
  readonly lanes: Lane[] = [];
  /** By lane: the time of its last record. */
  laneLastNs = new Float64Array(16);
  readonly sites: SiteInfo[] = [];
  readonly resources: Resource[] = [];
  /** By the resource that stands for the group. Members are targets (task or resource). */
  readonly groups = new Map<number, Group>();
  readonly links = new Links();
  readonly machines = new Machines();
  /** What stood in the lines of queues of jobs. */
  readonly jobs = new JobLog((task) => this.tasks.beganNs[task]!);
  readonly cancels = new Cancels();
  readonly losses = new Losses();
  readonly facts: Fact[] = [];
  /** What held the lanes. */
  readonly holds = new Holds();
  readonly threadTimes = new ThreadTimesLog();
  readonly profile = new Profile();
  readonly silenced = new Silenced();
  /** The shapes of awaited values, where the person asked for them. */
  readonly values = new ValueLog();
  readonly texts: string[] = [];
  /** What the texts take, about. */
  textBytes = 0;
  /** How many tasks have this text for a name, by index of the text. */
  readonly countByName: number[] = [];
  /** How many tasks without a name began at this site, by index of the site. */
  readonly countBySite: number[] = [];
  /** Records that break the state machine's rules: all are counted, the first 100 described. */
  problemCount = 0;
  readonly problems: string[] = [];
  /** Bounds of the model that were met: something was left out, see budget.ts. */
  readonly exceeded = new Set<BudgetName>();

  addProblem(words: string): void {
    if (this.problemCount++ < 100) this.problems.push(`record ${this.events}: ${words}`);
  }

  /** A record names what was never defined: in a whole trace that cannot be. */
  addUnknownId(process: number, words: string): void {
    if (this.processes[process]!.keptSinceNs > 0) this.unknown++;
    else this.addProblem(words);
  }

  /** For the lane that was added last. Called by the fold alone. */
  addLaneTime(t: number): void {
    const count = this.lanes.length;
    if (count > this.laneLastNs.length) this.laneLastNs = growColumn(this.laneLastNs, count * 2);
    this.laneLastNs[count - 1] = t;
  }

  text(index: number): string {
    return index < 0 ? '' : (this.texts[index] ?? '');
  }

  /**
   * The row that speaks for this task: itself, or the caller it is a frame of. However deep the
   * calls: each walk halves the way that it went (a union-find), so a walk costs a few steps.
   */
  rowOf(task: number): number {
    const { rowLink } = this.tasks;
    let row = task;
    for (let next = rowLink[row]!; next >= 0;) {
      const above = rowLink[next]!;
      if (above < 0) return next;
      rowLink[row] = above;
      row = above;
      next = rowLink[row]!;
    }
    return row;
  }

  /**
   * "f", "Store.load", "module a.ts", "callback at a.ts:12", "request handler a.ts:12", "request
   * handler get('/a')": never empty.
   */
  nameOf(task: number): string {
    const { name, site } = this.tasks;
    const at = this.sites[site[task]!];
    const own = this.#workerName(task) ?? this.text(name[task]!);
    // The function around a call is not what the call runs.
    if (at && own === '' && at.role !== FUNCTION) return `task at ${displayPlace(at)}`;
    const given = own || (at?.fn ?? '');
    if (at && given === '<module>') return `module ${displayPath(at.file)}`;
    const isOfRequest = this.resources[this.tasks.resource[task]!]?.name === REQUEST_RESOURCE_NAME;
    if (at && given === ANONYMOUS)
      return `${isOfRequest ? 'request handler' : 'callback at'} ${displayPlace(at)}`;
    if (isOfRequest && given.endsWith(') callback')) return `request handler ${given.slice(0, -9)}`;
    return given || 'task';
  }

  /** Of a worker's main activation, where whoever made the worker told its name. */
  #workerName(task: number): string | undefined {
    if (this.tasks.kind[task] !== MAIN) return undefined;
    const lane = this.lanes[this.tasks.lane[task]!];
    const isNamed = lane?.kind === LANE_KIND.worker && lane.name !== '' && !lane.name.startsWith('worker#');
    return isNamed ? `worker ${lane.name}` : undefined;
  }

  /**
   * The name where several tasks of one name must be told apart: "worker#2", of a pool's call
   * "square[4–7]". The only task of its name is "worker".
   */
  labelOf(task: number): string {
    const chunk = this.links.chunks.get(task);
    if (chunk !== undefined && chunk.items > 0) return `${this.nameOf(task)}[${formatItemRange(chunk)}]`;
    return this.countOfName(task) > 1
      ? `${this.nameOf(task)}#${this.tasks.ordinal[task]}`
      : this.nameOf(task);
  }

  /** Gives a new task its number among those of its name. Called by the fold alone. */
  assignOrdinal(task: number): void {
    const [counts, key] = this.#counterOf(task);
    if (key >= 0) this.tasks.ordinal[task] = counts[key] = (counts[key] ?? 0) + 1;
  }

  /**
   * A frame is not named by itself: its number goes to the next task of the name, if none has begun
   * since.
   */
  releaseOrdinal(task: number): void {
    const [counts, key] = this.#counterOf(task);
    if (key >= 0 && counts[key] === this.tasks.ordinal[task]) counts[key]! -= 1;
  }

  /** How many tasks have this one's name; one without a name counts those of its site. */
  countOfName(task: number): number {
    const [counts, key] = this.#counterOf(task);
    return counts[key] ?? 0;
  }

  #counterOf(task: number): readonly [counts: number[], key: number] {
    const name = this.tasks.name[task]!;
    const site = this.tasks.site[task]!;
    return site >= 0 && this.isNameless(name) ? [this.countBySite, site] : [this.countByName, name];
  }

  /** Whether a task's name says nothing: its site then stands for it. */
  isNameless(name: number): boolean {
    const text = this.text(name);
    return text === '' || text === ANONYMOUS;
  }

  /** The contract's id: "process:number". */
  idOf(task: number): string {
    return `${this.tasks.process[task]}:${this.tasks.id[task]}`;
  }
}

/** "3", "4–7": the items of a chunk. */
const formatItemRange = ({ first, items }: Chunk): string =>
  items === 1 ? String(first) : `${first}–${first + items - 1}`;
