/** Errors that the program did not see: uncaught exceptions and rejections without a handler, as the agent recorded them. */
import { FACTS, numberOf } from '../format/kinds.ts';
import type { Trace } from '../fold/trace.ts';
import { sitePart, taskPart } from '../words/names.ts';
import type { Part } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

const UNHANDLED = numberOf(FACTS, 'unhandled');
const UNCAUGHT = numberOf(FACTS, 'uncaught');
const MOST = 50;

/** The one who called it and went on: there the await, or the catch, is missing. */
function begunBy(trace: Trace, row: number): Part[] {
  const parent = trace.tasks.parent[row]!;
  return parent < 0 ? [] : [', which ', taskPart(trace, trace.rowOf(parent)), ' had begun'];
}

export const errors: Rule = {
  name: 'unseen-error',
  says: 'An error that nobody caught, or a rejection that nobody handled.',
  start: (trace): RuleRun => ({
    findings: () =>
      trace.facts
        .filter((fact) => fact.what === UNHANDLED || fact.what === UNCAUGHT)
        .slice(0, MOST)
        .map((fact): Finding => {
          const words: Part[] = [
            fact.what === UNCAUGHT ? 'Nobody caught ' : 'Nobody handled ',
            fact.text || 'an error',
          ];
          const row = fact.task >= 0 ? trace.rowOf(fact.task) : -1;
          if (row >= 0) words.push(', thrown in ', taskPart(trace, row));
          if (fact.site >= 0) words.push(row >= 0 ? ' at ' : ', thrown at ', sitePart(trace, fact.site));
          if (row >= 0) words.push(...begunBy(trace, row));
          const sites = [fact.site, row >= 0 ? trace.tasks.site[row]! : -1].filter((site) => site >= 0);
          return {
            rule: errors.name,
            severity: 'error',
            words: [...words, '.'],
            sites: [...new Set(sites)],
            tasks: row >= 0 ? [row] : [],
            t: fact.t,
          };
        }),
  }),
};
