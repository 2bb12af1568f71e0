/** Errors that the program did not see: uncaught exceptions and rejections without a handler, as the agent recorded them. */
import { FACT } from '../format/kinds.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { sitePart, taskPart } from '../words/names.ts';
import type { Part } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

const UNHANDLED = FACT.unhandled;
const UNCAUGHT = FACT.uncaught;
const MAX_FINDINGS = 50;

export const errors: Rule = {
  name: 'unseen-error',
  says: 'An error that nobody caught, or a rejection that nobody handled.',
  start: (trace): RuleRun => ({
    findings: () =>
      toldOnce(trace.facts.filter(({ what }) => what === UNHANDLED || what === UNCAUGHT))
        .slice(0, MAX_FINDINGS)
        .map((fact) => say(trace, fact)),
  }),
};

/** A rejection that nobody handled ends the program as an uncaught error: of the two, the first knows where it was called. */
function toldOnce(facts: readonly Fact[]): readonly Fact[] {
  const rejected = facts.filter(({ what }) => what === UNHANDLED);
  const isSame = (a: Fact, b: Fact): boolean => a.task === b.task && a.text === b.text;
  return facts.filter((fact) => fact.what === UNHANDLED || !rejected.some((other) => isSame(fact, other)));
}

function say(trace: Trace, fact: Fact): Finding {
  const row = fact.task >= 0 ? trace.rowOf(fact.task) : -1;
  const words: Part[] = [
    fact.what === UNCAUGHT ? 'Nobody caught ' : 'Nobody handled ',
    fact.text || 'an error',
  ];
  if (row >= 0) words.push(', thrown in ', taskPart(trace, row));
  if (fact.site >= 0) words.push(row >= 0 ? ' at ' : ', thrown at ', sitePart(trace, fact.site));
  words.push(...begunBy(trace, row, fact.called), '.');
  const sites = [fact.site, fact.called, row >= 0 ? trace.tasks.site[row]! : -1];
  return {
    rule: errors.name,
    severity: 'error',
    words,
    sites: [...new Set(sites.filter((site) => site >= 0))],
    tasks: row >= 0 ? [row] : [],
    t: fact.t,
  };
}

/** The one who called it and went on: there the await, or the catch, is missing. */
function begunBy(trace: Trace, row: number, called: number): Part[] {
  const parent = row >= 0 ? trace.tasks.parent[row]! : -1;
  const by = parent >= 0 ? taskPart(trace, trace.rowOf(parent)) : null;
  if (called < 0) return by ? [', which ', by, ' had begun'] : [];
  const at = sitePart(trace, called);
  return by
    ? ['; ', by, ' had called it at ', at, ' without an await']
    : ['; it had been called at ', at, ' without an await'];
}
