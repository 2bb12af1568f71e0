/**
 * Facts that count: each is told again with the sum so far, and the last one of a place holds all.
 */
import { FACT, type FACTS } from '../format/kinds.ts';
import type { Fact, Trace } from '../model/trace.ts';

/** @returns the last fact of each process and place */
export function latestFacts(trace: Trace, what: (typeof FACTS)[number]): readonly Fact[] {
  const latest = new Map<string, Fact>();
  for (const fact of trace.facts)
    if (fact.what === FACT[what]) latest.set(`${fact.process} ${fact.site}`, fact);
  return [...latest.values()];
}

/** From its begin to its end, or as far as is known, ns. */
export function lifetimeOf({ processes, endNs }: Trace, process: number): number {
  const known = processes[process];
  return known === undefined ? endNs : (known.endNs ?? known.lastNs) - known.startNs;
}
