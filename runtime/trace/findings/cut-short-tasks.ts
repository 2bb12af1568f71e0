/**
 * Tasks of asyncio that nobody kept were cancelled by the end of their event loop in the middle of
 * something: `create_task` as a statement, and `main` ended first. The agent saw the loop cancel
 * them, and that they were in no loop that goes on for ever.
 */
import { FACT } from '../format/kinds.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { sitePart, taskList } from '../words/parts.ts';
import type { Finding } from './finding.ts';

const MAX_FINDINGS = 10;
const MAX_TASKS = 100;

/** @param rule the name of the rule that says so */
export function cutShortTasks(trace: Trace, rule: string): Finding[] {
  const byPlace = new Map<string, Fact[]>();
  for (const fact of trace.facts) {
    if (fact.what !== FACT['cut-short'] || fact.amount !== 1 || fact.task < 0) continue;
    const key = `${fact.process} ${fact.called} ${fact.site}`;
    const facts = byPlace.get(key);
    if (facts) facts.push(fact);
    else byPlace.set(key, [fact]);
  }
  return [...byPlace.values()].slice(0, MAX_FINDINGS).map((facts) => findingOf(trace, rule, facts));
}

/** @param facts of one place, at least one */
function findingOf(trace: Trace, rule: string, facts: readonly Fact[]): Finding {
  const { site, called, t } = facts[0]!;
  const rows = facts.map(({ task }) => trace.rowOf(task));
  const isOne = rows.length === 1;
  return {
    rule,
    severity: 'warning',
    words: [
      ...taskList(trace, rows),
      isOne ? ' was cancelled' : ' were cancelled',
      ...(site >= 0 ? [' at ', sitePart(trace, site)] : []),
      ' by the end of the event loop, and what was to come after that was not done. Nothing kept the ',
      isOne ? 'task' : 'tasks',
      ...(called >= 0 ? [' made at ', sitePart(trace, called)] : []),
      ': keep what create_task returns, and await it before the end.',
    ],
    sites: [called, site].filter((known) => known >= 0),
    tasks: rows.slice(0, MAX_TASKS),
    t,
    isWrong: true,
  };
}
