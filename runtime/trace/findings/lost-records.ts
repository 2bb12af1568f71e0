/** Records are missing: every other statement about this trace holds for what is there only. */
import { count } from '../words/duration.ts';
import type { Rule, RuleRun } from './finding.ts';

export const lostRecords: Rule = {
  name: 'lost-records',
  says: 'The recording has gaps.',
  start: (trace): RuleRun => ({
    findings: () =>
      trace.lost === 0
        ? []
        : [
            {
              rule: lostRecords.name,
              severity: 'warning',
              words: [
                `${count(trace.lost, 'record')} of ${(trace.lost + trace.events).toLocaleString('en')} are missing: ` +
                  'the program was faster than its recording. What is said here holds for the rest.',
              ],
              sites: [],
              tasks: [],
              t: trace.endNs,
            },
          ],
  }),
};
