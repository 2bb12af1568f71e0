/**
 * Records are missing: every other statement about the trace holds only for the records that are
 * there.
 */
import { grouped } from '../format/grouped.ts';
import { count } from '../words/duration.ts';
import { lossCause } from '../words/loss.ts';
import type { Finding, Rule } from './finding.ts';

export const lostRecords: Rule = {
  name: 'lost-records',
  description: 'The recording has gaps.',
  start: (trace) => ({
    findings: (): Finding[] => {
      const { lost, events, losses, endNs } = trace;
      if (lost === 0) return [];
      const causes = losses.counts
        .map((missing, where) => ({ missing, where }))
        .filter(({ missing }) => missing > 0)
        .sort((a, b) => b.missing - a.missing);
      const [first] = causes;
      const words =
        causes.length === 1
          ? lossCause(first!.where)
          : causes.map(({ missing, where }) => `${grouped(missing)}, since ${lossCause(where)}`).join('; ');
      return [
        {
          rule: lostRecords.name,
          severity: 'warning',
          words: [
            `${count(lost, 'record')} of ${grouped(lost + events)} are missing: ${words}. ` +
              'What is said here holds for the rest.',
          ],
          sites: [],
          tasks: [],
          t: endNs,
        },
      ];
    },
  }),
};
