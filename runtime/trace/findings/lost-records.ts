/**
 * Records are missing: every other statement about the trace holds only for the records that are
 * there.
 */
import { count } from '../words/duration.ts';
import type { Finding, Rule } from './finding.ts';

export const lostRecords: Rule = {
  name: 'lost-records',
  description: 'The recording has gaps.',
  start: (trace) => ({
    findings: (): Finding[] => {
      const { lost, events, endNs } = trace;
      if (lost === 0) return [];
      const missing = `${count(lost, 'record')} of ${(lost + events).toLocaleString('en')} are missing`;
      const cause = 'the program was faster than its recording';
      return [
        {
          rule: lostRecords.name,
          severity: 'warning',
          words: [`${missing}: ${cause}. What is said here holds for the rest.`],
          sites: [],
          tasks: [],
          t: endNs,
        },
      ];
    },
  }),
};
