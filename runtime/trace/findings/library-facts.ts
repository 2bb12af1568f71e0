/**
 * What the library itself recorded as a fact: a task that nobody waited for when its run ended, and
 * a run on the virtual clock that waited for the outside world, so that its order may change.
 */
import { FACT, type FACTS } from '../format/kinds.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

const MAX_FINDINGS = 50;

/** Part of the rule of this name (never-awaited.ts). */
export const neverAwaitedInLibrary: Rule = factRule({
  name: 'never-awaited',
  description: 'A task that nobody waited for had not ended when its run did.',
  fact: 'never-awaited',
  severity: 'warning',
  claim: ' had not ended when its run did, and nobody waited for it: it was cancelled.',
});

export const nondeterministicOrder: Rule = factRule({
  name: 'nondeterministic-order',
  description:
    'A run on the virtual clock waited for the outside world: the next run may have another order.',
  fact: 'nondeterministic-order',
  severity: 'info',
  claim:
    ' waited for something outside the library: although this run was on the virtual clock, ' +
    'the next one may have another order.',
});

interface FactRule extends Pick<Rule, 'name' | 'description'>, Pick<Finding, 'severity'> {
  readonly fact: (typeof FACTS)[number];
  /** What is said of the fact's task, behind its name. */
  readonly claim: string;
}

function factRule({ name, description, fact, severity, claim }: FactRule): Rule {
  const findingOf = (trace: Trace, { task, t }: Fact): Finding => {
    const row = trace.rowOf(task);
    const site = trace.tasks.site[row]!;
    const origin: SentencePart[] = site < 0 ? [] : [' (made at ', sitePart(trace, site), ')'];
    return {
      rule: name,
      severity,
      words: [taskPart(trace, row), ...origin, claim],
      sites: site < 0 ? [] : [site],
      tasks: [row],
      t,
    };
  };
  return {
    name,
    description,
    start: (trace): RuleRun => ({
      findings: () =>
        trace.facts
          .filter(({ what, task }) => what === FACT[fact] && task >= 0)
          .slice(0, MAX_FINDINGS)
          .map((recorded) => findingOf(trace, recorded)),
    }),
  };
}
