/**
 * A run of a function set a shared value for itself, waited, and went on to use it, though another
 * run had set it meanwhile. The tasks of an event loop share globals, objects and what a
 * threading.local holds. The agent saw who set it, and that it was another when the task went on;
 * that it is read after that it took from the source.
 */
import type { Fact, Trace } from '../model/trace.ts';
import { count } from '../words/duration.ts';
import { sitePart } from '../words/parts.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { latestFacts } from './latest-facts.ts';

export const overwrittenState: Rule = {
  name: 'overwritten-state',
  description: 'What a run had set for itself was overwritten by another while it waited.',
  start: (trace): RuleRun => ({
    findings: () => latestFacts(trace, 'overwritten').map((fact) => findingOf(trace, fact)),
  }),
};

function findingOf(trace: Trace, { task, site, called, text, amount, t, event }: Fact): Finding {
  const [path = '', kind = '', fn = ''] = text.split('|');
  return {
    rule: overwrittenState.name,
    severity: 'warning',
    words: [
      `\`${fn}\` set \`${path}\`${kind === '' ? '' : ` (a ${kind})`} at `,
      sitePart(trace, site),
      ' and waited at ',
      sitePart(trace, called),
      `, where another run overwrote it${amount > 1 ? `, ${count(amount, 'time')}` : ''}: it goes on with what is the other’s. `,
      kind === ''
        ? 'Keep it in a variable of the function, or in a `contextvars.ContextVar`.'
        : 'All tasks of a loop run in one thread: a `contextvars.ContextVar` is each task’s own.',
    ],
    sites: [site, called].filter((known) => known >= 0),
    tasks: task >= 0 ? [trace.rowOf(task)] : [],
    t,
    isWrong: true,
    events: [event],
  };
}
