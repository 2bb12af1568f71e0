/**
 * Tasks wait for an item of an open queue, and no task is left that puts into it: the queue should
 * have been closed when the last item was in.
 *
 * At an end that the process came to itself this is proven. In a program that goes on it is found
 * only when three things hold: the tasks that put have ended; none of them was called from outside
 * the program, as a request would come again; and all that lives in the process has been waiting
 * for a second for tasks or for items.
 */
import type { LevelChange, ResourceUse } from '../fold/observer.ts';
import { ACTIVATION_KIND, KIND, LANGUAGE, PROCESS_END, REASON, USE, numberSet } from '../format/kinds.ts';
import { countedFrom } from '../model/counted-since.ts';
import { lossAfter } from '../model/known-until.ts';
import { resourceOfTarget, State, taskOfTarget } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { resourcePart, sitePart, taskList, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { LentItems } from './lent-items.ts';
import { awaitedQueueOf } from './queue-waits.ts';

export const starvedConsumers: Rule = {
  name: 'starved-consumers',
  description: 'Tasks wait for an item of a queue that nobody is left to put into.',
  start: (trace) => new StarvedConsumers(trace),
};

/** Reasons of waits that only the program itself can end. */
const INTERNAL_REASONS = numberSet(REASON, 'queue-get', 'task', 'group', 'join');
const EXTERNAL_CALL_KINDS = numberSet(ACTIVATION_KIND, 'timer-callback', 'io-callback', 'event-callback');
const MIN_QUIET_NS = 1e9;
const MAX_TASKS = 100;
/** At so many producers those that have ended are let go, and again whenever they have doubled. */
const MIN_PRODUCERS_TO_PRUNE = 64;

/** The tasks that put into a queue. */
class Producers {
  /** The task that put last; −1: none recorded. */
  last = -1;
  /** One of them was called from outside the program, or was not recorded. */
  hasExternal = false;
  /** Those that may still live. */
  #living = new Set<number>();
  #pruneAt = MIN_PRODUCERS_TO_PRUNE;

  add(trace: Trace, callers: OutsideCallers, task: number): void {
    this.last = task;
    if (this.#living.has(task)) return;
    this.#living.add(task);
    if (callers.has(task)) this.hasExternal = true;
    if (this.#living.size < this.#pruneAt) return;
    this.livingRows(trace);
    this.#pruneAt = Math.max(MIN_PRODUCERS_TO_PRUNE, this.#living.size * 2);
  }

  /** Lets go of those that have ended. */
  livingRows(trace: Trace): readonly number[] {
    const rows = [...this.#living].map((task) => trace.rowOf(task));
    this.#living = new Set(rows.filter((row) => trace.tasks.rowState[row] !== State.ended));
    return [...this.#living];
  }
}

/** Tasks that are, or were led to by, a callback that the outside world can call again. */
class OutsideCallers {
  readonly #trace: Trace;
  /** What was found out, so that a long line of parents is walked once. */
  readonly #known = new Map<number, boolean>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  has(task: number): boolean {
    const { kind, parent } = this.#trace.tasks;
    const walked: number[] = [];
    let isOutside = false;
    for (let ancestor = task; ancestor >= 0; ancestor = parent[ancestor]!) {
      const known = this.#known.get(ancestor);
      isOutside = known ?? EXTERNAL_CALL_KINDS.has(kind[ancestor]!);
      if (known !== undefined) break;
      walked.push(ancestor);
      if (isOutside) break;
    }
    for (const ancestor of walked) this.#known.set(ancestor, isOutside);
    return isOutside;
  }
}

class StarvedConsumers implements RuleRun {
  readonly #trace: Trace;
  /** By the resource of the queue. */
  readonly #producers = new Map<number, Producers>();
  /** By the same: the last put, if the queue was full and took nothing. */
  readonly #refused = new Map<number, { readonly by: number; readonly site: number }>();
  readonly #outsideCallers: OutsideCallers;
  readonly #items: LentItems;

  constructor(trace: Trace) {
    this.#trace = trace;
    this.#items = new LentItems(trace);
    this.#outsideCallers = new OutsideCallers(trace);
  }

  resourceUsed({ useKind, resource, by, site }: ResourceUse): void {
    if (useKind === USE.refused) this.#refused.set(resource, { by, site });
  }

  levelChanged(change: LevelChange): void {
    const { resource, by, kind } = change;
    this.#items.levelChanged(change);
    if (kind === KIND.put) this.#refused.delete(resource);
    if (kind !== KIND.put) return;
    let producers = this.#producers.get(resource);
    if (producers === undefined) this.#producers.set(resource, (producers = new Producers()));
    if (by < 0) producers.hasExternal = true;
    else producers.add(this.#trace, this.#outsideCallers, by);
  }

  findings(): Finding[] {
    const trace = this.#trace;
    const consumersByQueue = new Map<number, number[]>();
    for (let row = 0; row < trace.tasks.count; row++) {
      const queue = awaitedQueueOf(trace, row);
      if (queue < 0 || lossAfter(trace, row) !== null) continue;
      const consumers = consumersByQueue.get(queue);
      if (consumers) consumers.push(row);
      else consumersByQueue.set(queue, [row]);
    }
    return [...consumersByQueue].flatMap(([queue, consumers]) => this.#findingOf(queue, consumers) ?? []);
  }

  #findingOf(queue: number, consumers: readonly number[]): Finding | null {
    const trace = this.#trace;
    const producers = this.#producers.get(queue) ?? new Producers();
    const living = producers.livingRows(trace);
    const hasEnded = isAtOwnEnd(trace, queue);
    // Who has not put back what it took is told by another rule.
    if (this.#items.lostOf(queue).length > 0) return null;
    // A put, or the end of who puts, may be among the records that are missing.
    const { process, beganNs } = trace.resources[queue]!;
    if (trace.losses.hasAny(process) || countedFrom(trace, process, beganNs) !== null) return null;
    const putters = living.filter((row) => !waitsOnlyFor(trace, row, consumers));
    // Python's process ends under its daemon threads: to wait for work is what they are for.
    if (hasEnded && consumers.every((row) => isPythonThread(trace, row))) return null;
    if (!hasEnded && !isStarvedLive(trace, queue, producers, putters)) return null;
    const { rowSinceNs, waitSite, leaf } = trace.tasks;
    const sinceNs = consumers.reduce((least, row) => Math.min(least, rowSinceNs[row]!), Infinity);
    const site = waitSite[leaf[consumers[0]!]!]!;
    const isOne = consumers.length === 1;
    const words: SentencePart[] = isOne
      ? [taskPart(trace, consumers[0]!)]
      : [`${count(consumers.length, 'task')} (`, ...taskList(trace, consumers), ')'];
    if (hasEnded) words.push(isOne ? ' was still waiting' : ' were still waiting');
    else words.push(`${isOne ? ' has' : ' have'} been waiting for ${duration(trace.endNs - sinceNs)}`);
    if (site >= 0) words.push(' at ', sitePart(trace, site));
    words.push(' for an item of ', resourcePart(trace, queue));
    if (hasEnded) words.push(' when the program ended');
    words.push(': ', ...describeCause(trace, producers, living));
    const refused = this.#refused.get(queue);
    if (refused !== undefined && refused.site >= 0) {
      const by = refused.by < 0 ? '' : taskPart(trace, trace.rowOf(refused.by));
      words.push('; the last put', ...(by === '' ? [] : [', by ', by, ',']), ' at ');
      words.push(sitePart(trace, refused.site), ' was refused, for the queue was full');
    }
    words.push('.');
    return {
      rule: starvedConsumers.name,
      severity: 'warning',
      explainsEnd: true,
      words,
      sites: [refused?.site ?? -1, site, trace.resources[queue]!.site].filter((known) => known >= 0),
      tasks: consumers.slice(0, MAX_TASKS),
      t: trace.endNs,
      sinceNs,
    };
  }
}

function isPythonThread({ tasks, processes }: Trace, row: number): boolean {
  const isThread = tasks.kind[row] === ACTIVATION_KIND.thread;
  return isThread && processes[tasks.process[row]!]?.language === LANGUAGE.python;
}

/** It put into the queue, and goes on only when the consumers have ended. */
function waitsOnlyFor(trace: Trace, row: number, consumers: readonly number[]): boolean {
  const { state, target } = trace.tasks;
  if (state[row] !== State.wait) return false;
  const group = trace.groups.get(resourceOfTarget(target[row]!));
  const awaited = (group?.members ?? [target[row]!]).map(taskOfTarget);
  return (
    awaited.some((task) => consumers.includes(task)) &&
    awaited.every((task) => task >= 0 && (state[task] === State.ended || consumers.includes(task)))
  );
}

const processOf = (trace: Trace, queue: number) => trace.processes[trace.resources[queue]!.process]!;

const isAtOwnEnd = (trace: Trace, queue: number): boolean =>
  processOf(trace, queue).endKind === PROCESS_END.exit;

/** Whether a queue of a program that goes on will get no more items. */
function isStarvedLive(
  trace: Trace,
  queue: number,
  producers: Producers,
  living: readonly number[],
): boolean {
  const { index, endNs } = processOf(trace, queue);
  if (endNs !== null || trace.isOver) return false;
  if (producers.last < 0 || producers.hasExternal || living.length > 0) return false;
  return isQuiet(trace, index);
}

/** Whether all that lives in a process has been waiting for a second for tasks or for items. */
function isQuiet(trace: Trace, process: number): boolean {
  const { tasks } = trace;
  for (let row = 0; row < tasks.count; row++) {
    if (tasks.frameOf[row]! >= 0 || tasks.process[row] !== process) continue;
    const state = tasks.rowState[row];
    if (state === State.ended) continue;
    if (state !== State.wait || !INTERNAL_REASONS.has(tasks.reason[tasks.leaf[row]!]!)) return false;
    if (trace.endNs - tasks.rowSinceNs[row]! < MIN_QUIET_NS) return false;
  }
  return true;
}

function describeCause(trace: Trace, producers: Producers, living: readonly number[]): SentencePart[] {
  if (producers.last < 0)
    return [producers.hasExternal ? 'nobody closed it' : 'nobody had ever put anything into it'];
  if (living.length > 0) return [taskPart(trace, living[0]!), ', which puts into it, was itself waiting'];
  const last = taskPart(trace, trace.rowOf(producers.last));
  return ['all tasks that put into it have ended (the last was ', last, '), and nobody closed it'];
}
