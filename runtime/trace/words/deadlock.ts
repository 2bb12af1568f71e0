/** A cycle of waits in words: who holds what, and waits for what the next one holds. */
import { resourceOfTarget, type Target } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import { resourcePart, sitePart, taskPart } from './parts.ts';
import type { Sentence, SentencePart } from './sentence.ts';
import { describeTarget } from './wait.ts';

/** One wait of a cycle: the row waits for something that the next one holds or has to do. */
export interface CycleWait {
  readonly row: number;
  readonly site: number;
  readonly reason: number;
  readonly target: Target;
}

/** More are counted. */
const MAX_NAMED = 4;

/**
 * "transfer#1 holds lock a and waits for lock b at bank.ts:9; transfer#2 holds lock b and waits for
 * lock a at bank.ts:9: neither can go on."
 */
export function describeDeadlock(trace: Trace, cycle: readonly CycleWait[]): Sentence {
  const words: SentencePart[] = [];
  for (const [i, { row, site, reason, target }] of cycle.slice(0, MAX_NAMED).entries()) {
    const held = resourceOfTarget(cycle.at(i - 1)!.target);
    const isGroup = trace.groups.has(held);
    words.push(i === 0 ? '' : '; ', taskPart(trace, row));
    if (held >= 0 && !isGroup) words.push(' holds ', resourcePart(trace, held), ' and');
    words.push(' waits');
    if (site >= 0) words.push(' at ', sitePart(trace, site));
    words.push(...describeTarget(trace, { reason, target, site: -1 }));
  }
  if (cycle.length > MAX_NAMED) words.push(`; and so on through ${cycle.length} tasks`);
  const end = cycle.length === 1 ? 'it waits for itself, for ever' : 'none of them can go on';
  return [...words.filter((part) => part !== ''), `: ${end}.`];
}
