/**
 * How much a model holds at most. A trace file is hostile input, and a few bytes of it may stand
 * for millions of records: at each bound what comes later is left out, and one sentence says so.
 * The bounds lie above what a recording of the largest size holds.
 */
import { grouped } from '../format/grouped.ts';

interface Bound {
  readonly max: number;
  /** What is counted, in the plural. */
  readonly what: string;
}

export const BUDGET = {
  processes: { max: 16_384, what: 'processes' },
  lanes: { max: 65_536, what: 'threads' },
  tasks: { max: 10_000_000, what: 'tasks' },
  resources: { max: 2_000_000, what: 'resources' },
  sites: { max: 1_000_000, what: 'places in the source' },
  textBytes: { max: 256 * 2 ** 20, what: 'bytes of text' },
  links: { max: 4_000_000, what: 'messages between threads' },
  members: { max: 10_000_000, what: 'members of groups' },
  cancels: { max: 2_000_000, what: 'cancellations' },
  facts: { max: 100_000, what: 'facts' },
  values: { max: 4_000_000, what: 'awaited values' },
  profiled: { max: 200_000, what: 'places that a profiler saw' },
  holds: { max: 1_000_000, what: 'stretches for which a thread was held' },
} as const satisfies Readonly<Record<string, Bound>>;
export type BudgetName = keyof typeof BUDGET;

/** The part of a trace that keeps which bounds were met. */

interface Bounded {
  readonly exceeded: Set<BudgetName>;
}

/** Whether one more may be added to so many; else the trace will say that some were left out. */
export function mayAdd({ exceeded }: Bounded, name: BudgetName, count: number): boolean {
  if (count < BUDGET[name].max) return true;
  exceeded.add(name);
  return false;
}

/** One sentence for each bound that was met, without its full stop. */
export const exceededBounds = ({ exceeded }: Bounded): string[] =>
  [...exceeded].map((name) => {
    const { max, what } = BUDGET[name];
    return `it holds more than ${grouped(max)} ${what}; what came after them is left out`;
  });
