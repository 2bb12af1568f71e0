/**
 * Tasks wait for an item of an open queue, and nobody is left who puts into it: it was to be closed when the last item was in.
 *
 * At an end that the process came to itself this is proven. In a program that goes on it is told only when whoever put has ended, none of them was
 * called from outside the program (a request comes again), and all that lives in the process has been waiting for a second for tasks or for items.
 */
import type { LevelChange } from '../fold/observer.ts';
import { KIND, ACTIVATION_KIND, PROCESS_END, REASON, numberSet } from '../format/kinds.ts';
import { State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { resourcePart, sitePart, taskPart, tasksPart } from '../words/names.ts';
import type { Part } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

const RAN_DRY = PROCESS_END.exit;
const TO_GET = REASON['queue-get'];
const FOR_TASKS = numberSet(REASON, 'queue-get', 'task', 'group', 'join');
const CALLED_FROM_OUTSIDE = numberSet(ACTIVATION_KIND, 'timer-callback', 'io-callback', 'event-callback');
const QUIET_NS = 1e9;
const MAX_TASKS = 100;

/** Who has put into a queue. */
class Putters {
  /** The one who put last; −1: nobody of whom there is a record. */
  last = -1;
  fromOutside = false;
  /** Those who may still live: looked through whenever they have doubled. */
  #living = new Set<number>();
  #lookAt = 64;

  add(trace: Trace, task: number): void {
    this.last = task;
    if (this.#living.has(task)) return;
    this.#living.add(task);
    if (isFromOutside(trace, task)) this.fromOutside = true;
    if (this.#living.size < this.#lookAt) return;
    this.living(trace);
    this.#lookAt = Math.max(64, this.#living.size * 2);
  }

  /** The rows of those who live. */
  living(trace: Trace): readonly number[] {
    const rows = [...this.#living].map((task) => trace.rowOf(task));
    this.#living = new Set(rows.filter((row) => trace.tasks.rowState[row] !== State.ended));
    return [...this.#living];
  }
}

class StarvedConsumers implements RuleRun {
  readonly #trace: Trace;
  readonly #putters = new Map<number, Putters>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  levelChanged({ resource, by, kind }: LevelChange): void {
    if (kind !== KIND.put) return;
    let putters = this.#putters.get(resource);
    if (putters === undefined) this.#putters.set(resource, (putters = new Putters()));
    if (by < 0) putters.fromOutside = true;
    else putters.add(this.#trace, by);
  }

  findings(): Finding[] {
    const trace = this.#trace;
    const byQueue = new Map<number, number[]>();
    for (let row = 0; row < trace.tasks.count; row++) {
      const queue = waitsForItemOf(trace, row);
      if (queue < 0) continue;
      const rows = byQueue.get(queue);
      if (rows) rows.push(row);
      else byQueue.set(queue, [row]);
    }
    return [...byQueue].flatMap(([queue, rows]) => this.#find(queue, rows) ?? []);
  }

  #find(queue: number, rows: readonly number[]): Finding | null {
    const trace = this.#trace;
    const putters = this.#putters.get(queue) ?? new Putters();
    const process = trace.processes[trace.resources[queue]!.process]!;
    const hasEnded = process.endKind === RAN_DRY;
    const living = putters.living(trace);
    if (!hasEnded) {
      if (process.endNs !== null || trace.isOver) return null;
      if (putters.last < 0 || putters.fromOutside || living.length > 0) return null;
      if (!isQuiet(trace, process.index)) return null;
    }
    const { rowSinceNs, waitSite, leaf } = trace.tasks;
    const sinceNs = rows.reduce((least, row) => Math.min(least, rowSinceNs[row]!), Infinity);
    const site = waitSite[leaf[rows[0]!]!]!;
    const isOne = rows.length === 1;
    const words: Part[] = isOne
      ? [taskPart(trace, rows[0]!)]
      : [`${count(rows.length, 'task')} (`, ...tasksPart(trace, rows), ')'];
    if (hasEnded) words.push(isOne ? ' was still waiting' : ' were still waiting');
    else words.push(`${isOne ? ' has' : ' have'} been waiting for ${duration(trace.endNs - sinceNs)}`);
    if (site >= 0) words.push(' at ', sitePart(trace, site));
    words.push(' for an item of ', resourcePart(trace, queue));
    if (hasEnded) words.push(' when the program ended');
    words.push(': ', ...whyNone(trace, putters, living), '.');
    return {
      rule: starvedConsumers.name,
      severity: 'warning',
      words,
      sites: [site, trace.resources[queue]!.site].filter((at) => at >= 0),
      tasks: rows.slice(0, MAX_TASKS),
      t: trace.endNs,
      sinceNs,
    };
  }
}

function whyNone(trace: Trace, putters: Putters, living: readonly number[]): Part[] {
  if (putters.last < 0)
    return [putters.fromOutside ? 'nobody closed it' : 'nobody had ever put anything into it'];
  if (living.length > 0) return [taskPart(trace, living[0]!), ', which puts into it, was itself waiting'];
  const last = taskPart(trace, trace.rowOf(putters.last));
  return ['whoever put into it (the last was ', last, ') has ended, and nobody closed it'];
}

/** The open queue for an item of which this row waits; −1: it does not. */
export function waitsForItemOf(trace: Trace, row: number): number {
  const { frameOf, rowState, leaf, reason, target } = trace.tasks;
  if (frameOf[row]! >= 0 || rowState[row] !== State.wait) return -1;
  const at = leaf[row]!;
  if (reason[at] !== TO_GET || target[at]! >= 0) return -1;
  const queue = -target[at]! - 1;
  return trace.resources[queue]?.endedNs === null ? queue : -1;
}

function isQuiet(trace: Trace, process: number): boolean {
  const { tasks } = trace;
  for (let row = 0; row < tasks.count; row++) {
    if (tasks.frameOf[row]! >= 0 || tasks.process[row] !== process) continue;
    const state = tasks.rowState[row];
    if (state === State.ended) continue;
    if (state !== State.wait || !FOR_TASKS.has(tasks.reason[tasks.leaf[row]!]!)) return false;
    if (trace.endNs - tasks.rowSinceNs[row]! < QUIET_NS) return false;
  }
  return true;
}

/** Itself or one who began it is a callback of the world's, which can call again. */
function isFromOutside(trace: Trace, task: number): boolean {
  const { kind, parent } = trace.tasks;
  for (let at = task; at >= 0; at = parent[at]!) if (CALLED_FROM_OUTSIDE.has(kind[at]!)) return true;
  return false;
}

export const starvedConsumers: Rule = {
  name: 'starved-consumers',
  says: 'Tasks wait for an item of a queue that nobody is left to put into.',
  start: (trace) => new StarvedConsumers(trace),
};
