/**
 * The process came to its own end while tasks still waited: nothing was left that could wake them.
 * One finding for each place where they waited. A killed process leaves waits behind that prove
 * nothing, so only an end that the process itself recorded counts.
 */
import { PROCESS_END } from '../format/kinds.ts';
import { openWaits } from '../model/open-waits.ts';
import { terminatedWith } from '../model/times-so-far.ts';
import type { Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { count } from '../words/duration.ts';
import { taskList } from '../words/parts.ts';
import type { SentencePart, Sentence } from '../words/sentence.ts';
import { describeCallers, describeTarget, describeWaitSite } from '../words/wait.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { awaitedQueueOf } from './queue-waits.ts';

export const neverSettled: Rule = {
  name: 'never-settled',
  description: 'Tasks were still waiting when the program came to its end.',
  start: (trace): RuleRun => ({ findings: () => findingsOf(trace) }),
};

const MAX_SITES = 20;
const MAX_TASKS = 100;

function findingsOf(trace: Trace): Finding[] {
  if (!trace.processes.some(({ endKind }) => endKind === PROCESS_END.exit)) return [];
  const waitsByPlace = new Map<string, Wait[]>();
  for (const wait of openWaits(trace)) {
    const process = trace.processes[trace.tasks.process[wait.row]!]!;
    if (process.endKind !== PROCESS_END.exit || terminatedWith(trace, wait.row)) continue;
    // The rule starved-consumers says why no item came.
    if (awaitedQueueOf(trace, wait.row) >= 0) continue;
    const place = `${process.index} ${wait.site}`;
    const waits = waitsByPlace.get(place);
    if (waits) waits.push(wait);
    else waitsByPlace.set(place, [wait]);
  }
  return [...waitsByPlace.values()].map((waits) => findingOf(trace, waits));
}

/** @param waits of one place, at least one. */
function findingOf(trace: Trace, waits: readonly Wait[]): Finding {
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
    ` when the program ended: nothing was left that could wake ${isOne ? 'it' : 'them'}.`,
  );
  const callers = waits.slice(0, MAX_SITES).flatMap(({ awaitStack = [] }) => awaitStack);
  return {
    rule: neverSettled.name,
    severity: 'warning',
    words,
    sites: [...new Set([site, ...callers])].filter((known) => known >= 0).slice(0, MAX_SITES),
    tasks: waits.slice(0, MAX_TASKS).map(({ row }) => row),
    t: trace.endNs,
  };
}
