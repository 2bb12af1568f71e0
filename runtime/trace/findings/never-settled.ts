/**
 * The process came to its own end while tasks still waited: nobody was left to wake them.
 * Told once for each place where they waited. A killed process leaves waits behind
 * that prove nothing, so only an end that the process itself recorded counts.
 */
import { PROCESS_END } from '../format/kinds.ts';
import type { Trace } from '../model/trace.ts';
import { count } from '../words/duration.ts';
import { tasksPart } from '../words/names.ts';
import { terminatedWith } from '../model/times-so-far.ts';
import { openWaits } from '../model/open-waits.ts';
import type { Part, Sentence } from '../words/sentence.ts';
import { calledAt, describeTarget, whereOf } from '../words/wait.ts';
import { type Wait } from '../model/wait.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { waitsForItemOf } from './starved-consumers.ts';

const MAX_SITES = 20;
const MAX_TASKS = 100;
const RAN_DRY = PROCESS_END.exit;

function find(trace: Trace): Finding[] {
  if (!trace.processes.some(({ endKind: how }) => how === RAN_DRY)) return [];
  const byPlace = new Map<string, Wait[]>();
  for (const wait of openWaits(trace)) {
    const process = trace.processes[trace.tasks.process[wait.row]!]!;
    // Why no item came, starved-consumers says.
    if (
      process.endKind !== RAN_DRY ||
      terminatedWith(trace, wait.row) ||
      waitsForItemOf(trace, wait.row) >= 0
    )
      continue;
    const key = `${process.index} ${wait.site}`;
    const there = byPlace.get(key);
    if (there) there.push(wait);
    else byPlace.set(key, [wait]);
  }
  return [...byPlace.values()].map((waits) => say(trace, waits));
}

function say(trace: Trace, waits: readonly Wait[]): Finding {
  const [first] = waits as readonly [Wait, ...Wait[]];
  const { site } = first;
  const isOne = waits.length === 1;
  const sameCalls = waits.every((wait) => wait.awaitStack?.join() === first.awaitStack?.join());
  const byRow = new Map(waits.map((wait) => [wait.row, wait]));
  const call = (row: number): Sentence => calledAt(trace, byRow.get(row)!);
  const named = tasksPart(trace, [...byRow.keys()], sameCalls ? undefined : call);
  const words: Part[] = isOne ? [...named] : [`${count(waits.length, 'task')} (`, ...named, ')'];
  words.push(isOne ? ' was still waiting' : ' were still waiting');
  words.push(
    ...whereOf(trace, sameCalls ? first : { row: first.row, site }),
    ...describeTarget(trace, first),
  );
  words.push(` when the program ended: nothing was left that could wake ${isOne ? 'it.' : 'them.'}`);
  const calls = waits.slice(0, MAX_SITES).flatMap(({ awaitStack: callers = [] }) => callers);
  return {
    rule: neverSettled.name,
    severity: 'warning',
    words,
    sites: [...new Set([site, ...calls])].filter((at) => at >= 0).slice(0, MAX_SITES),
    tasks: waits.slice(0, MAX_TASKS).map(({ row }) => row),
    t: trace.endNs,
  };
}

export const neverSettled: Rule = {
  name: 'never-settled',
  says: 'Tasks were still waiting when the program came to its end.',
  start: (trace): RuleRun => ({ findings: () => find(trace) }),
};
