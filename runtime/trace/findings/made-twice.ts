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
import { inFunction } from '../words/wait.ts';
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
/** In a fact of Python's, behind "|": there was one that was not good any more. */
const OLD = 'old';
/** And behind that: the run failed, where another one has kept one meanwhile. */
const FAILED = '|failed';

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
  const last = facts.at(-1)!;
  const failed = facts.filter(({ text }) => text.endsWith(FAILED));
  const kept = facts.filter((fact) => !failed.includes(fact));
  const first = kept[0] ?? facts[0]!;
  const { task, site, called } = first;
  const [text, how] = first.text.split('|') as [string, string?];
  const isOld = how === OLD;
  const words =
    kept.length === 0
      ? describeFailed(trace, { failed, text, isOld })
      : describeKept(trace, { first, last, text, isOld });
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

interface Kept {
  readonly first: Fact;
  readonly last: Fact;
  readonly text: string;
  readonly isOld: boolean;
}

function describeKept(trace: Trace, { first, last, text, isOld }: Kept): SentencePart[] {
  const { task, site, called } = first;
  const others = last.amount - 1;
  return [
    taskPart(trace, task),
    isOld ? ` looked at \`${text}\` at ` : ` found no \`${text}\` at `,
    sitePart(trace, called),
    `, waited for ${isOld ? 'a new ' : ''}one and kept it at `,
    sitePart(trace, site),
    ', though another run had made one meanwhile',
    others > 0
      ? `: it was made again, as at least ${count(others, 'other time')} there. `
      : ': it was made twice. ',
    `Keep the ${trace.processes[first.process]!.language === LANGUAGE.python ? 'task' : 'promise'} as soon as it is begun, `,
    'so that who comes later waits for the same.',
  ];
}

/** Those that came later could not make it once more. */
function describeFailed(
  trace: Trace,
  {
    failed,
    text,
    isOld,
  }: { readonly failed: readonly Fact[]; readonly text: string; readonly isOld: boolean },
): SentencePart[] {
  const { task, site, called } = failed[0]!;
  const { error } = trace.tasks;
  const others = failed.length - 1;
  return [
    taskPart(trace, task),
    inFunction(trace, task, site),
    isOld ? ` looked at \`${text}\` at ` : ` found no \`${text}\` at `,
    sitePart(trace, called),
    ` and went for ${isOld ? 'a new ' : ''}one at `,
    sitePart(trace, site),
    ', while another run was at it; that one got it, and this one failed',
    error[task]! < 0 ? '' : ` with ${trace.text(error[task]!).replace(/\.$/, '')}`,
    others > 0 ? `, as ${count(others, 'other')} did. ` : '. ',
    'Keep the task as soon as it is begun, so that who comes later waits for the same; ',
    'or take an `asyncio.Lock`, and look again inside.',
  ];
}
