/**
 * What the library itself knows to be amiss: tasks that nobody waited for when their run ended, and a run on the virtual clock whose order is
 * not that of the next, because it waited for the world.
 */
import { FACTS, FACT } from '../format/kinds.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { sitePart, taskPart } from '../words/names.ts';
import type { Part } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

const MAX_FINDINGS = 50;

export const neverAwaited: Rule = ruleOf({
  name: 'never-awaited',
  says: 'A task that nobody waited for had not ended when its run did.',
  fact: 'never-awaited',
  severity: 'warning',
  words: (trace, task, made) => [
    taskPart(trace, task),
    ...made,
    ' had not ended when its run did, and nobody waited for it: it was cancelled.',
  ],
});

export const nondeterministicOrder: Rule = ruleOf({
  name: 'nondeterministic-order',
  says: 'A run on the virtual clock waited for something outside: its order may be another the next time.',
  fact: 'nondeterministic-order',
  severity: 'info',
  words: (trace, task, made) => [
    taskPart(trace, task),
    ...made,
    " waited for something that is not the library's: on the virtual clock the order of this run is not promised for the next.",
  ],
});

interface OfFact extends Pick<Rule, 'name' | 'says'>, Pick<Finding, 'severity'> {
  readonly fact: (typeof FACTS)[number];
  /** @param made " (made at a.ts:5)" where that is known. */
  words(trace: Trace, task: number, made: readonly Part[]): Part[];
}

function ruleOf({ name, says, fact, severity, words }: OfFact): Rule {
  const wanted = FACT[fact];
  const say = (trace: Trace, { task, t }: Fact): Finding => {
    const row = trace.rowOf(task);
    const site = trace.tasks.site[row]!;
    const made = site < 0 ? [] : [' (made at ', sitePart(trace, site), ')'];
    return {
      rule: name,
      severity,
      words: words(trace, row, made),
      sites: site < 0 ? [] : [site],
      tasks: [row],
      t,
    };
  };
  return {
    name,
    says,
    start: (trace): RuleRun => ({
      findings: () =>
        trace.facts
          .filter(({ what, task }) => what === wanted && task >= 0)
          .slice(0, MAX_FINDINGS)
          .map((each) => say(trace, each)),
    }),
  };
}
