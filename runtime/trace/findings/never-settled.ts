/**
 * Tasks wait for a promise that can never settle (lost-promises.ts), or for an event of what has
 * closed (closed-emitters.ts); or the process came to its own
 * end while tasks still waited: nothing was left that could wake them. One finding for each place
 * where they waited. A killed process leaves waits behind that prove
 * nothing, so only an end that the process itself recorded counts.
 *
 * It is a last resort. It leaves out what a more exact rule explains, and tasks that only wait for
 * other tasks: those are told. Of a task that nobody waits for, while the program went on and came
 * to a good end, it is information: a listener may be meant to wait to the last.
 */
import { PROCESS_END } from '../format/kinds.ts';
import { openWaits } from '../model/open-waits.ts';
import { resourceOfTarget } from '../model/state.ts';
import { terminatedWith } from '../model/times-so-far.ts';
import type { Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { count } from '../words/duration.ts';
import { resourcePart, taskList } from '../words/parts.ts';
import type { SentencePart, Sentence } from '../words/sentence.ts';
import { describeCallers, describeTarget, describeWaitSite } from '../words/wait.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { awaitedBy, awaitedRows, functionOf, type GoodEnds, goodEndsOf, isOutermost } from './good-ends.ts';
import { lostPromises } from './lost-promises.ts';
import type { QuietGaps } from './quiet-gaps.ts';
import { closedEmitters } from './closed-emitters.ts';
import { stuckInWorkers } from './stuck-in-worker.ts';
import { awaitedQueueOf } from './queue-waits.ts';
import { isAsked, ResourceHolders } from './resource-holders.ts';

export const neverSettled: Rule = {
  name: 'never-settled',
  description: 'Tasks wait for what can never come, or still waited when the program came to its end.',
  isLastResort: true,
  start: (trace, gaps) => new NeverSettled(trace, gaps),
};

class NeverSettled extends ResourceHolders implements RuleRun {
  readonly #gaps: QuietGaps;

  constructor(trace: Trace, gaps: QuietGaps) {
    super(trace);
    this.#gaps = gaps;
  }

  findings(explained: ReadonlySet<number>): Finding[] {
    const proven = lostPromises(this.trace, explained).map((finding) => ({
      ...finding,
      rule: neverSettled.name,
    }));
    const closed = closedEmitters(
      this.trace,
      new Set([...explained, ...proven.flatMap(({ tasks }) => tasks)]),
    ).map((finding) => ({ ...finding, rule: neverSettled.name }));
    const told = new Set([...explained, ...[...proven, ...closed].flatMap(({ tasks }) => tasks)]);
    const stuck = stuckInWorkers(this.trace, this.#gaps, told).map((finding) => ({
      ...finding,
      rule: neverSettled.name,
    }));
    return [...proven, ...closed, ...stuck, ...findingsOf(this.trace, told, this)];
  }
}

/** `messages.return()` of an async generator. */
const ASKS_GENERATOR_TO_END = /\.return\(/;

const MAX_SITES = 20;
const MAX_TASKS = 100;
/** A chain of waits is followed so far. */
const MAX_CHAIN = 100;

function findingsOf(trace: Trace, explained: ReadonlySet<number>, holders: ResourceHolders): Finding[] {
  if (!trace.processes.some(({ endKind }) => endKind === PROCESS_END.exit)) return [];
  const open = openWaits(trace);
  const waiting = new Map(open.map((wait) => [wait.row, wait]));
  const waitsByPlace = new Map<string, Wait[]>();
  for (const wait of open) {
    const process = trace.processes[trace.tasks.process[wait.row]!]!;
    if (process.endKind !== PROCESS_END.exit || terminatedWith(trace, wait.row)) continue;
    // The rule starved-consumers says why no item came.
    if (awaitedQueueOf(trace, wait.row) >= 0) continue;
    if (explained.has(wait.row) || passesOn(trace, wait, waiting, explained)) continue;
    const place = `${process.index} ${wait.site}`;
    const waits = waitsByPlace.get(place);
    if (waits) waits.push(wait);
    else waitsByPlace.set(place, [wait]);
  }
  const awaited = awaitedRows(trace, open);
  const goodEnds = new Map<number, GoodEnds>();
  return [...waitsByPlace.values()].map((waits) => {
    const process = trace.tasks.process[waits[0]!.row]!;
    const ends = goodEnds.get(process) ?? goodEndsOf(trace, process);
    goodEnds.set(process, ends);
    const optional = waits.every((wait) => isOptional(trace, wait, awaited, ends));
    const finding = findingOf(trace, waits, optional);
    return { ...finding, words: [...finding.words, ...hintOf(trace, waits[0]!, holders)] };
  });
}

/** What the awaited object or call tells beyond that nothing came. */
function hintOf(trace: Trace, { target, site }: Wait, holders: ResourceHolders): Sentence {
  const asked = resourceOfTarget(target);
  if (!isAsked(trace, asked)) return [];
  if (ASKS_GENERATOR_TO_END.test(trace.sites[site]?.text ?? ''))
    return [
      ' A generator ends only at a `yield`: where it waits itself, nothing but what it waits for, or a signal, can end it.',
    ];
  if ((holders.heldOf(asked)?.passages.length ?? 0) > 0) return [];
  const object = resourcePart(trace, asked);
  return [' No call of ', object, ' has come back at all: is ', object, ' connected, started or open?'];
}

/** It waits for a task whose own wait is told, here or by another rule. */
function passesOn(
  trace: Trace,
  wait: Wait,
  waiting: ReadonlyMap<number, Wait>,
  explained: ReadonlySet<number>,
): boolean {
  const seen = new Set([wait.row]);
  for (let at = wait; seen.size < MAX_CHAIN;) {
    const rows = awaitedBy(trace, at).filter((row) => waiting.has(row) || explained.has(row));
    if (rows.some((row) => explained.has(row))) return true;
    // In a circle nobody else would tell of it.
    const next = rows.find((row) => !seen.has(row));
    if (next === undefined) return rows.length === 0 && at !== wait;
    seen.add(next);
    at = waiting.get(next)!;
  }
  return false;
}

/** Nobody waits for it, and others worked on after it had begun to wait and came to a good end. */
function isOptional(
  trace: Trace,
  { row, startNs }: Wait,
  awaited: ReadonlySet<number>,
  goodEnds: GoodEnds,
): boolean {
  const { tasks, processes } = trace;
  if (awaited.has(row) || (processes[tasks.process[row]!]!.exitCode ?? 0) !== 0) return false;
  // One of its kind came to its end: so should this one have.
  if (isOutermost(trace, row) || goodEnds.functions.has(functionOf(trace, row))) return false;
  return goodEnds.lastNs > startNs;
}

/** @param waits of one place, at least one. */
function findingOf(trace: Trace, waits: readonly Wait[], optional: boolean): Finding {
  const [first] = waits as readonly [Wait, ...Wait[]];
  const { site } = first;
  const isOne = waits.length === 1;
  const haveSameCallers = waits.every((wait) => wait.awaitStack?.join() === first.awaitStack?.join());
  const waitByRow = new Map(waits.map((wait) => [wait.row, wait]));
  const callersOf = (row: number): Sentence => describeCallers(trace, waitByRow.get(row)!);
  const named = taskList(trace, [...waitByRow.keys()], haveSameCallers ? undefined : callersOf);
  const words: SentencePart[] = isOne ? [...named] : [`${count(waits.length, 'task')} (`, ...named, ')'];
  words.push(
    isOne ? ' was still waiting' : ' were still waiting',
    ...describeWaitSite(trace, haveSameCallers ? first : { row: first.row, site }),
    ...describeTarget(trace, first),
    optional
      ? ` when the program had done its other work and ended: nobody waited for ${isOne ? 'it' : 'them'}.`
      : ` when the program ended: nothing was left that could wake ${isOne ? 'it' : 'them'}.`,
  );
  const callers = waits.slice(0, MAX_SITES).flatMap(({ awaitStack = [] }) => awaitStack);
  return {
    rule: neverSettled.name,
    severity: optional ? 'info' : 'warning',
    words,
    sites: [...new Set([site, ...callers])].filter((known) => known >= 0).slice(0, MAX_SITES),
    tasks: waits.slice(0, MAX_TASKS).map(({ row }) => row),
    t: trace.endNs,
    explainsEnd: !optional,
  };
}
