/**
 * What the agent said while nothing happened: the handles that kept the process alive, and the
 * requests that were open. A report that says "as the last time" stands for the one before.
 */
import { FACT, numberSet } from '../format/kinds.ts';
import type { Fact, Process, Trace } from '../model/trace.ts';

const REPORTED = numberSet(FACT, 'keeps-alive', 'never-answered');

/** The last report of the process after `fromNs` and up to `toNs`; empty: there is none. */
export function lastReport(trace: Trace, process: Process, fromNs: number, toNs: number): readonly Fact[] {
  const facts = trace.facts.filter(
    ({ what, process: of, t }) => REPORTED.has(what) && of === process.index && t <= toNs,
  );
  const lastT = facts.at(-1)?.t;
  if (lastT === undefined || lastT <= fromNs) return [];
  const listT = facts.findLast((fact) => !isAsBefore(fact))?.t;
  return facts.filter((fact) => fact.t === listT && !isAsBefore(fact));
}

const isAsBefore = ({ what, text }: Fact): boolean => what === FACT['keeps-alive'] && text === '';
