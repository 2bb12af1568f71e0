/** Errors that the program did not see: uncaught exceptions and rejections without a handler, as the agent recorded them. */
import { FACTS, numberOf } from '../format/kinds.ts';
import { sitePart, taskPart } from '../words/names.ts';
import type { Part } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

const UNHANDLED = numberOf(FACTS, 'unhandled');
const UNCAUGHT = numberOf(FACTS, 'uncaught');
const MOST = 50;

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
          if (fact.task >= 0) words.push(', thrown in ', taskPart(trace, trace.rowOf(fact.task)));
          if (fact.site >= 0) words.push(' at ', sitePart(trace, fact.site));
          return {
            rule: errors.name,
            severity: 'error',
            words: [...words, '.'],
            sites: fact.site >= 0 ? [fact.site] : [],
            tasks: fact.task >= 0 ? [trace.rowOf(fact.task)] : [],
            t: fact.t,
          };
        }),
  }),
};
