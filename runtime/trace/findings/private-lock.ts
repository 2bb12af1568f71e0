/**
 * A function makes a lock for itself at each call, in a place where no other call can get it: it
 * makes nobody wait. That nobody else can get it the agent read from the source; that several calls
 * were inside at once it saw.
 */
import type { Fact, Trace } from '../model/trace.ts';
import { count } from '../words/duration.ts';
import { sitePart } from '../words/parts.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { latestFacts } from './latest-facts.ts';

export const privateLock: Rule = {
  name: 'private-lock',
  description: 'A lock is made anew for each call, so that it locks nobody out.',
  start: (trace): RuleRun => ({
    findings: () => latestFacts(trace, 'private-lock').map((fact) => findingOf(trace, fact)),
  }),
};

function findingOf(trace: Trace, { task, site, text, amount, t, event }: Fact): Finding {
  const [kind = 'Lock', fn = ''] = text.split('|');
  const isLock = kind.endsWith('Lock');
  return {
    rule: privateLock.name,
    severity: 'warning',
    words: [
      `\`${fn}\` makes a new \`${kind}\` at each call, at `,
      sitePart(trace, site),
      isLock ? ', which locks nobody out: ' : ', which limits nobody: ',
      `${count(amount, 'call')} were inside at once. `,
      'Make one that all calls share, as in `__init__`.',
    ],
    sites: [site],
    tasks: task >= 0 ? [trace.rowOf(task)] : [],
    t,
    isWrong: true,
    events: [event],
  };
}
