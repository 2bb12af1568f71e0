/**
 * A function called twice what it was given to call when it is done: with an error, and since
 * nothing ended it there, once more. Whoever gave it goes on twice: a queue begins two more jobs,
 * an answer is sent again. The agent saw both calls, one right behind the other.
 *
 * Refuted by a function that is meant to be called more than once, such as one for progress.
 */
import { FACT, numberSet } from '../format/kinds.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { count } from '../words/duration.ts';
import { sitePart } from '../words/parts.ts';
import { isSameLine } from './answered-twice.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

export const calledTwice: Rule = {
  name: 'called-twice',
  description: 'A function called twice what it was given to call once.',
  start: (trace): RuleRun => ({ findings: () => findingsOf(trace) }),
};

const MAX_FINDINGS = 10;
const UNCAUGHT = numberSet(FACT, 'unhandled', 'uncaught');

function findingsOf(trace: Trace): Finding[] {
  const bySite = new Map<string, Fact[]>();
  for (const fact of trace.facts) {
    if (fact.what !== FACT['called-twice']) continue;
    const key = `${fact.process} ${fact.site}`;
    const facts = bySite.get(key);
    if (facts) facts.push(fact);
    else bySite.set(key, [fact]);
  }
  return [...bySite.values()].slice(0, MAX_FINDINGS).map((facts) => findingOf(trace, facts));
}

/** @param facts of one place, at least one */
function findingOf(trace: Trace, facts: readonly Fact[]): Finding {
  const { site, called, text, t: sinceNs } = facts[0]!;
  const { amount, t } = facts.at(-1)!;
  const [fn = '', callback = '', how] = text.split(' ');
  const isCaught = how === 'caught';
  // The second call threw as well, and nobody caught that.
  const ends = trace.facts.some((fact) => UNCAUGHT.has(fact.what) && isSameLine(trace, fact.site, site));
  const isNamed = fn !== '' && !fn.startsWith('<');
  return {
    rule: calledTwice.name,
    severity: ends ? 'error' : 'warning',
    words: [
      `${count(amount, 'run')} of ${isNamed ? `\`${fn}\`` : 'a function'} called \`${callback}\` at `,
      sitePart(trace, called),
      isCaught ? ' in a `try`, which threw, and once more in its `catch` at ' : ', and once more at ',
      sitePart(trace, site),
      ': whoever gave it went on twice. ',
      isCaught
        ? 'Call it behind the `try`, so that what it throws does not come into the `catch`.'
        : 'Return after the first call.',
    ],
    sites: [called, site],
    tasks: [],
    t,
    sinceNs,
    isWrong: true,
    events: facts.map(({ event }) => event),
  };
}
