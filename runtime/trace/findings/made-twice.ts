/**
 * A run of a function found nothing, awaited what makes it and kept it, though another run that had
 * found nothing either had kept one of its own in between: the work was done again, and of two
 * connections one is lost. The agent saw both writes and that they were of one thing; nothing here
 * is inferred. Refuted by a thing of which each run needs its own. Where the runs keep nothing, but
 * all after the first failed: `overtaken-runs.ts`.
 */
import { FACT, LANGUAGE } from '../format/kinds.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { count } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { OvertakenRuns } from './overtaken-runs.ts';

export const madeTwice: Rule = {
  name: 'made-twice',
  description: 'What was looked for and not found was made by several runs at once, each for itself.',
  start(trace): RuleRun {
    const runs = new OvertakenRuns(trace);
    return {
      taskBegan: (task) => runs.taskBegan(task),
      taskEnded: (task) => runs.taskEnded(task),
      findings: () => [...findingsOf(trace), ...runs.findings()],
    };
  },
};

const MAX_FINDINGS = 20;
const MAX_TASKS = 20;

function findingsOf(trace: Trace): Finding[] {
  const bySite = new Map<string, Fact[]>();
  for (const fact of trace.facts) {
    if (fact.what !== FACT['made-twice'] || fact.task < 0) continue;
    const key = `${fact.process} ${fact.site}`;
    const facts = bySite.get(key);
    if (facts) facts.push(fact);
    else bySite.set(key, [fact]);
  }
  return [...bySite.values()].slice(0, MAX_FINDINGS).map((facts) => findingOf(trace, facts));
}

/** @param facts of one place, in the order of time, at least one */
function findingOf(trace: Trace, facts: readonly Fact[]): Finding {
  const first = facts[0]!;
  const last = facts.at(-1)!;
  const { task, site, called, text } = first;
  const others = last.amount - 1;
  const words: SentencePart[] = [
    taskPart(trace, task),
    ` found no \`${text}\` at `,
    sitePart(trace, called),
    ', waited for one and kept it at ',
    sitePart(trace, site),
    ', though another run had made one meanwhile',
    others > 0
      ? `: it was made again, as at least ${count(others, 'other time')} there. `
      : ': it was made twice. ',
    `Keep the ${trace.processes[first.process]!.language === LANGUAGE.python ? 'task' : 'promise'} as soon as it is begun, `,
    'so that who comes later waits for the same.',
  ];
  return {
    rule: madeTwice.name,
    severity: 'warning',
    words,
    sites: [called, site].filter((known) => known >= 0),
    tasks: [...new Set(facts.map((fact) => fact.task))].slice(0, MAX_TASKS),
    t: last.t,
    sinceNs: trace.tasks.beganNs[task]!,
    isWrong: true,
    events: facts.map(({ event }) => event),
  };
}
