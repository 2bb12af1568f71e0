/**
 * An await that asks the same again as soon as it has failed, with no pause in between: the other
 * side, which may be down since it has too much to do, gets thousands of requests more. The agent
 * counts failures in a row; between them lay some milliseconds at most.
 */
import { FACT } from '../format/kinds.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { sitePart, siteText, taskList } from '../words/parts.ts';
import { inFunction } from '../words/wait.ts';
import type { Finding } from './finding.ts';

const MIN_FAILURES = 32;
const MIN_NS = 100e6;
/** On average. What takes longer paused, or the other side took its time. */
const MAX_BETWEEN_NS = 20e6;
const MAX_FINDINGS = 10;
const MAX_TASKS = 20;

interface Retries {
  readonly first: Fact;
  last: Fact;
}

/** @param told sites of which it is known already */
export function hotRetries(trace: Trace, rule: string, told: ReadonlySet<number>): Finding[] {
  const byTask = new Map<string, Retries>();
  for (const fact of trace.facts) {
    if (fact.what !== FACT.retried || fact.task < 0 || told.has(fact.site)) continue;
    const key = `${fact.task} ${fact.site}`;
    const known = byTask.get(key);
    // A count that does not grow has begun anew.
    if (known === undefined || fact.amount <= known.last.amount) byTask.set(key, { first: fact, last: fact });
    else known.last = fact;
  }
  const bySite = new Map<number, Retries[]>();
  for (const retries of byTask.values()) {
    if (!isHot(retries)) continue;
    const { site } = retries.last;
    const known = bySite.get(site);
    if (known === undefined) bySite.set(site, [retries]);
    else known.push(retries);
  }
  return [...bySite.values()].slice(0, MAX_FINDINGS).map((all) => findingOf(trace, rule, all));
}

function isHot({ first, last }: Retries): boolean {
  const ns = last.t - first.t;
  return last.amount >= MIN_FAILURES && ns >= MIN_NS && ns < MAX_BETWEEN_NS * (last.amount - first.amount);
}

/** @param all of one site, at least one */
function findingOf(trace: Trace, rule: string, all: readonly Retries[]): Finding {
  const worst = all.reduce((a, b) => (b.last.amount > a.last.amount ? b : a));
  const { site, amount, text } = worst.last;
  const sinceNs = Math.min(...all.map(({ first }) => first.t));
  const t = Math.max(...all.map(({ last }) => last.t));
  const tasks = all.map(({ last }) => trace.rowOf(last.task)).sort((a, b) => a - b);
  return {
    rule,
    severity: 'warning',
    words: [
      ...taskList(trace, tasks),
      ` asked \`${siteText(trace, site)}\` again at once each time it had failed, at `,
      sitePart(trace, site),
      inFunction(trace, trace.rowOf(worst.last.task), site),
      `: at least ${count(amount, 'time')} in a row within ${duration(t - sinceNs)}` +
        `${text === '' ? '' : `, at last with ${text}`}. ` +
        'Wait before each further try, longer each time, and give up in the end.',
    ],
    sites: [site],
    tasks: [...new Set(tasks)].slice(0, MAX_TASKS),
    t,
    sinceNs,
    events: [worst.last.event],
  };
}
