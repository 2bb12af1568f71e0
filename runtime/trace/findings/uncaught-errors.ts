/**
 * Errors that the program did not handle: uncaught exceptions, and rejections without a handler.
 * The agent recorded them as facts; nothing is inferred here.
 */
import { FACT, SITE_ROLE } from '../format/kinds.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

const MAX_FINDINGS = 50;

export const uncaughtErrors: Rule = {
  name: 'uncaught-error',
  description: 'An error that nobody caught, or a rejection that nobody handled.',
  start: (trace): RuleRun => ({
    findings: () =>
      withoutRepeats(trace.facts.filter(({ what }) => what === FACT.unhandled || what === FACT.uncaught))
        .slice(0, MAX_FINDINGS)
        .map((fact) => findingOf(trace, fact)),
  }),
};

/**
 * A rejection that nobody handled ends the program as an uncaught error, so it is recorded twice.
 * The rejection is kept: it knows where the function was called.
 */
function withoutRepeats(facts: readonly Fact[]): readonly Fact[] {
  const rejections = facts.filter(({ what }) => what === FACT.unhandled);
  const isSame = (a: Fact, b: Fact): boolean => a.task === b.task && a.text === b.text;
  return facts.filter(
    (fact) => fact.what === FACT.unhandled || !rejections.some((rejection) => isSame(fact, rejection)),
  );
}

function findingOf(trace: Trace, { what, task, text, site, called, t }: Fact): Finding {
  const row = task >= 0 ? trace.rowOf(task) : -1;
  const words: SentencePart[] = [
    what === FACT.uncaught ? 'Nobody caught ' : 'Nobody handled ',
    text || 'an error',
  ];
  if (row >= 0) words.push(', thrown in ', taskPart(trace, row));
  if (site >= 0) words.push(row >= 0 ? ' at ' : ', thrown at ', sitePart(trace, site));
  words.push(...describeCaller(trace, row, called), '.');
  const sites = [site, called, row >= 0 ? trace.tasks.site[row]! : -1];
  return {
    rule: uncaughtErrors.name,
    severity: 'error',
    words,
    sites: [...new Set(sites.filter((known) => known >= 0))],
    tasks: row >= 0 ? [row] : [],
    t,
  };
}

/** The task that called the function and went on: there the `await`, or the `catch`, is missing. */
function describeCaller(trace: Trace, row: number, called: number): SentencePart[] {
  const parent = row >= 0 ? trace.tasks.parent[row]! : -1;
  const caller = parent >= 0 ? taskPart(trace, trace.rowOf(parent)) : null;
  if (called < 0) return caller ? [', which ', caller, ' had begun'] : [];
  const place = sitePart(trace, called);
  const isReturn = trace.sites[called]?.role === SITE_ROLE.return;
  if (isReturn) return ['; its promise had been returned at ', place, ' without an await'];
  return caller
    ? ['; ', caller, ' had called it at ', place, ' without an await']
    : ['; it had been called at ', place, ' without an await'];
}
