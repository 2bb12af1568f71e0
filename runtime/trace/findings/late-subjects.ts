/**
 * The value of an observable was asked for after its subject had sent the last one and was
 * complete: the promise was rejected as empty at once. The agent saw both.
 */
import { FACT } from '../format/kinds.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import { inFunction } from '../words/wait.ts';
import type { Finding } from './finding.ts';

const MAX_FINDINGS = 10;

export function lateSubjects(trace: Trace): Omit<Finding, 'rule'>[] {
  const bySite = new Map<string, Fact[]>();
  for (const fact of trace.facts) {
    if (fact.what !== FACT['late-subject'] || fact.site < 0) continue;
    const key = `${fact.process} ${fact.site}`;
    const known = bySite.get(key);
    if (known === undefined) bySite.set(key, [fact]);
    else known.push(fact);
  }
  return [...bySite.values()].slice(0, MAX_FINDINGS).map((facts) => findingOf(trace, facts));
}

/** @param facts of one line, at least one */
function findingOf(trace: Trace, facts: readonly Fact[]): Omit<Finding, 'rule'> {
  const { task, site, called, text, amount, t } = facts[0]!;
  const [how = '', subject = '', ...asked] = text.split('|');
  const row = task < 0 ? -1 : trace.rowOf(task);
  const { fn = '' } = trace.sites[called] ?? {};
  const words: SentencePart[] = [
    row < 0 ? 'The program' : taskPart(trace, row),
    ' asked at ',
    sitePart(trace, site),
    row < 0 ? '' : inFunction(trace, row, site),
    ` for a value of \`${asked.join('|')}\` too late: \`${subject}\` `,
    how === 'sent' ? 'had sent its last one at ' : 'had ended at ',
    sitePart(trace, called),
    /^[\w$]/.test(fn) ? ` in ${fn}` : '',
    `, ${duration(amount * 1000)} before`,
    how === 'sent' ? ', and was complete' : '',
    facts.length > 1 ? ` (and so ${count(facts.length - 1, 'other time')})` : '',
    ': nothing is left to come, and the promise was rejected with EmptyError. ',
    'Subscribe before that, or keep the value: a `ReplaySubject(1)`, or `shareReplay(1)`.',
  ];
  return {
    severity: 'warning',
    words: words.filter((part) => part !== ''),
    sites: [site, called].filter((known) => known >= 0),
    tasks: row < 0 ? [] : [row],
    t,
    isWrong: true,
    events: facts.map(({ event }) => event),
  };
}
