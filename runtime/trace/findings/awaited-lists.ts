/**
 * An `await` was given a list of promises, which it does not wait for, and nobody else does: what
 * goes on with the list has promises and no results. The agent saw that nobody reacted to them.
 */
import type { Trace } from '../model/trace.ts';
import { count } from '../words/duration.ts';
import { sitePart } from '../words/parts.ts';
import { inFunction } from '../words/wait.ts';
import type { Finding } from './finding.ts';
import { latestFacts } from './latest-facts.ts';

const MAX_FINDINGS = 10;
/** A longer text is a whole function. */
const MAX_TEXT = 40;

export function awaitedLists(trace: Trace, rule: string): Finding[] {
  return latestFacts(trace, 'list-of-promises')
    .filter(({ task, site }) => task >= 0 && site >= 0)
    .slice(0, MAX_FINDINGS)
    .map(({ site, task, amount, t, event }) => {
      const { text } = trace.sites[site]!;
      const row = trace.rowOf(task);
      const what = text !== '' && text.length <= MAX_TEXT ? `\`await ${text}\`` : 'The `await`';
      return {
        rule,
        severity: 'warning',
        words: [
          `${what} at `,
          sitePart(trace, site),
          inFunction(trace, row, site),
          ` got a list of ${count(amount, 'promise')} and no results: \`await\` does not wait for what is in a `,
          'list, and nobody else did. `await Promise.all(…)` does.',
        ],
        sites: [site],
        tasks: [row],
        t,
        isWrong: true,
        events: [event],
      };
    });
}
