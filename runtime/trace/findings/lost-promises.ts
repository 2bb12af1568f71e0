/**
 * Tasks that wait for a promise that can never settle: both functions that could settle it were
 * collected as garbage, so no code can call them any more. The agent saw that they are gone and
 * that the promise had not been resolved with another: nothing here is inferred. Refuted by a wait
 * that ended.
 *
 * A task for which nobody waits may be meant to go with what it listens to. So it is information,
 * unless others of its function came to a good end.
 */
import { FACT, PROCESS_END } from '../format/kinds.ts';
import { openNs, openWaits } from '../model/open-waits.ts';
import type { Fact, Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { count, duration } from '../words/duration.ts';
import { sitePart, taskList } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import { describeCallers } from '../words/wait.ts';
import type { Finding, Severity } from './finding.ts';
import { awaitedRows, functionOf, type GoodEnds, goodEndsOf, isOutermost } from './good-ends.ts';
import { interruptOf } from './interrupt.ts';

const MAX_PLACES = 20;
const MAX_TASKS = 100;

/** Waits for the promises of one place. */
interface Place {
  readonly made: number;
  readonly process: number;
  readonly waits: Wait[];
  readonly facts: Fact[];
}

/** @param explained rows that are left out */
export function lostPromises(trace: Trace, explained: ReadonlySet<number>): Omit<Finding, 'rule'>[] {
  const facts = trace.facts.filter(({ what, task }) => what === FACT.collected && task >= 0);
  if (facts.length === 0) return [];
  const open = openWaits(trace);
  const waitByRow = new Map(open.map((wait) => [wait.row, wait]));
  const places = new Map<string, Place>();
  for (const fact of facts) {
    const row = trace.rowOf(fact.task);
    const wait = waitByRow.get(row);
    if (wait === undefined || explained.has(row)) continue;
    waitByRow.delete(row);
    const key = `${fact.process} ${fact.site} ${wait.site}`;
    const place = places.get(key) ?? { made: fact.site, process: fact.process, waits: [], facts: [] };
    places.set(key, place);
    place.waits.push(wait);
    place.facts.push(fact);
  }
  const awaited = awaitedRows(trace, open);
  const goodEnds = new Map<number, GoodEnds>();
  return [...places.values()].slice(0, MAX_PLACES).map((place) => {
    const ends = goodEnds.get(place.process) ?? goodEndsOf(trace, place.process);
    goodEnds.set(place.process, ends);
    return findingOf(trace, place, severityOf(trace, place, awaited, ends));
  });
}

function severityOf(
  trace: Trace,
  { process, waits, facts }: Place,
  awaited: ReadonlySet<number>,
  { functions }: GoodEnds,
): Severity {
  if (waits.some(({ row }) => awaited.has(row) || isOutermost(trace, row))) return 'error';
  // A run of tests that fails says so by its exit code, and waits for none of its functions.
  if ((trace.processes[process]!.exitCode ?? 0) !== 0) return 'warning';
  // Nothing went on, and somebody had to end it: so this was waited for.
  if (interruptOf(trace, trace.processes[process]!) !== null) return 'warning';
  // What a listener was to wake goes with what it listened to.
  if (facts.every(({ amount }) => amount > 0)) return 'info';
  return waits.some(({ row }) => functions.has(functionOf(trace, row))) ? 'warning' : 'info';
}

function findingOf(
  trace: Trace,
  { made, process, waits, facts }: Place,
  severity: Severity,
): Omit<Finding, 'rule'> {
  const first = waits[0]!;
  const rows = waits.map(({ row }) => row);
  const fn = trace.sites[made]?.fn ?? '';
  const isOne = waits.length === 1;
  const words: SentencePart[] = [
    'Nothing can settle the promise',
    ...(fn === '' || fn.startsWith('<') ? [] : [` of \`${fn}\``]),
    ' made at ',
    sitePart(trace, made),
    ' any more, since no code holds its `resolve` or `reject`: ',
    ...(isOne ? taskList(trace, rows) : [`${count(rows.length, 'task')} (`, ...taskList(trace, rows), ')']),
    isOne ? ' waits for it at ' : ' wait for such promises at ',
    sitePart(trace, first.site),
    ...(isOne ? describeCallers(trace, first) : []),
    `, for ${duration(Math.max(...waits.map((wait) => openNs(trace, wait))))} so far. `,
    'Each way through the code there has to call one of them.',
  ];
  const { endKind } = trace.processes[process]!;
  const isEnd = endKind === PROCESS_END.exit || interruptOf(trace, trace.processes[process]!) !== null;
  return {
    severity,
    words,
    sites: [made, first.site].filter((site) => site >= 0),
    tasks: rows.slice(0, MAX_TASKS),
    t: facts[0]!.t,
    sinceNs: Math.min(...waits.map(({ startNs }) => startNs)),
    explainsEnd: severity !== 'info' && isEnd,
    events: facts.slice(0, MAX_TASKS).map(({ event }) => event),
  };
}
