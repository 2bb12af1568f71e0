/**
 * The process ended by itself, and long after it had nothing more to do: a timer or a connection
 * that nobody needed any more kept it alive. The usual one is the time limit of a race that was
 * decided without it.
 *
 * A timer may be what the program is for. So it is told only where a `Promise.race` or
 * `Promise.any` of the task that made it was decided by another member before it came; or where
 * nothing but connections was left. Refuted by what the timer's callback did, if that was wanted.
 */
import { ACTIVATION_KIND, FACT, PROCESS_END, numberSet } from '../format/kinds.ts';
import type { Fact, Process, Resource, Trace } from '../model/trace.ts';
import { duration } from '../words/duration.ts';
import { resourcePart, sitePart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding } from './finding.ts';
import { MIN_QUIET_NS, type QuietGap, type QuietGaps } from './quiet-gaps.ts';
import { lastReport } from './quiet-reports.ts';
import { CLEAR_TIMEOUT, dueNsOf, raceWithout } from './raced-timers.ts';

const CALLBACKS = numberSet(ACTIVATION_KIND, 'timer-callback', 'promise-callback', 'tick-callback');
const CONNECTION = /^(a connection|a UDP socket)\b/;
/** How long before the end a timer came that kept the process alive up to it. */
const MAX_LEFT_NS = 200e6;

interface Leftover {
  /** What kept the process alive, as a person reads it. */
  readonly what: SentencePart;
  /** −1: the line is not known. */
  readonly site: number;
  /** The task that made it; −1: none is known. */
  readonly task: number;
  /** The group that was decided without the timer; −1: it is no timer. */
  readonly race: number;
  readonly mend: string;
}

export function lateEnd(trace: Trace, gaps: QuietGaps, process: Process): Omit<Finding, 'rule'> | null {
  const { endNs, endKind, index } = process;
  if (endNs === null || endKind !== PROCESS_END.exit || trace.losses.hasAny(index)) return null;
  const gap = gaps.gapAt(index, endNs - MAX_LEFT_NS);
  if (gap === null || endNs - gap.fromNs < MIN_QUIET_NS || !isAllDone(trace, index, gap)) return null;
  const facts = lastReport(trace, process, gap.fromNs, endNs).filter(
    ({ what }) => what === FACT['keeps-alive'],
  );
  const left = timerLeft(trace, process, endNs, facts) ?? connectionLeft(facts);
  if (left === null) return null;
  const { what, site, task, race, mend } = left;
  const words: SentencePart[] = [
    `Nothing was left to do from ${duration(gap.fromNs)} on, and the process ended ` +
      `${duration(endNs - gap.fromNs)} later: `,
    what,
  ];
  const functionSite = task < 0 ? -1 : trace.tasks.site[task]!;
  if (site >= 0) words.push(', made at ', sitePart(trace, site), ',');
  else if (functionSite >= 0) words.push(', made in the function at ', sitePart(trace, functionSite), ',');
  words.push(' kept it alive');
  if (race >= 0)
    words.push(
      ', though the ',
      resourcePart(trace, race),
      ' of ',
      // The function that raced, and not the task that its call is a part of.
      { task: trace.rowOf(task), text: trace.nameOf(task) },
      ' was decided without it',
    );
  return {
    severity: 'warning',
    words: [...words, `. ${mend}`],
    sites: [site, functionSite].filter((known) => known >= 0),
    tasks: task >= 0 ? [trace.rowOf(task)] : [],
    t: endNs,
    sinceNs: gap.fromNs,
    gainNs: endNs - gap.fromNs,
  };
}

/** No task waits, and what began since are callbacks, and what they called. */
function isAllDone({ tasks }: Trace, process: number, { fromNs }: QuietGap): boolean {
  for (let row = 0; row < tasks.count; row++) {
    if (tasks.process[row] !== process || tasks.frameOf[row]! >= 0) continue;
    if (tasks.endedNs[row]! <= fromNs) continue;
    const isCallback = CALLBACKS.has(tasks.kind[row]!) || tasks.waitNs[row] === 0;
    if (!(tasks.beganNs[row]! > fromNs && isCallback)) return false;
  }
  return true;
}

/** The timer that came last, just before the end. */
function timerLeft(trace: Trace, process: Process, endNs: number, facts: readonly Fact[]): Leftover | null {
  let last: Resource | null = null;
  let lastDueNs = endNs - MAX_LEFT_NS;
  for (const resource of trace.resources) {
    if (resource.process !== process.index) continue;
    const dueNs = dueNsOf(resource);
    if (!(dueNs >= lastDueNs && dueNs <= endNs)) continue;
    [last, lastDueNs] = [resource, dueNs];
  }
  if (last === null) return null;
  const { creator, name, index } = last;
  const race = raceWithout(trace, last);
  if (race < 0) return null;
  const fact = facts.find(({ task, text }) => text === name && task === creator);
  return {
    what: { resource: index, text: name },
    site: fact?.site ?? last.site,
    task: creator,
    race,
    mend: CLEAR_TIMEOUT,
  };
}

/** Where nothing but connections was left. */
function connectionLeft(facts: readonly Fact[]): Leftover | null {
  const [first] = facts;
  if (first === undefined || !facts.every(({ text }) => CONNECTION.test(text))) return null;
  const { text, site, task } = facts.find((fact) => fact.site >= 0) ?? first;
  return { what: text, site, task, race: -1, mend: 'Close it when it is needed no more.' };
}
