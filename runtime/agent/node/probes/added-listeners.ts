/**
 * Counts the listeners that the program adds to one emitter or event target, and says when they
 * are worth a fact: so many that a few dozen jobs at a time do not explain them, or more than
 * Node's own limit where each was added by a run of its own (a request, a connection, a job). Of
 * those the rule asks whether any is left at the end. Nothing is held.
 */
import { builtIns } from '../../../recorder/built-ins.ts';
import { typeNameOf } from '../builtins/inspect-safely.ts';
import type { Growth } from './growth.ts';

const { getWeak, setWeak } = builtIns;

/** A program may well have a few dozen jobs that listen to one thing at a time. */
const MIN_LISTENERS = 32;
/** One more than Node's own limit, at which it warns. */
const MIN_BY_RUNS = 11;
/** By this the rule knows that each was added by another run. */
const BY_RUNS = 'each-run ';

interface Added {
  /** Of all names. */
  count: number;
  /** How many of them were added by another run than the one before. */
  runs: number;
  lastRun: number;
  /** What the first fact said. */
  text: string;
}

const added = new WeakMap<object, Added>();

export interface AddedListener {
  readonly target: object;
  readonly name: string;
  /** Of the activation that adds it; 0: not known. */
  readonly run: number;
  /** How many listen to the event now. */
  count(target: object): number;
  /** From how many on Node warns; 0: never. */
  limit(target: object): number;
  /** Asked only when there is something to say. */
  siteOf(): number;
}

export function noteAddedListener(growth: Growth, listener: AddedListener): void {
  const { target, name, run, count, siteOf } = listener;
  let known = getWeak(added, target);
  if (known === undefined) setWeak(added, target, (known = { count: 0, runs: 0, lastRun: 0, text: '' }));
  known.count++;
  if (run !== 0 && run !== known.lastRun) known.runs++;
  known.lastRun = run;
  const { count: adds, runs } = known;
  const isByRuns = runs === adds && adds >= MIN_BY_RUNS && isBelow(listener.limit(target));
  if (adds < (isByRuns ? MIN_BY_RUNS : MIN_LISTENERS)) return;
  const isOften = (adds & (adds - 1)) !== 0 && (!isByRuns || adds % MIN_BY_RUNS !== 0);
  if (isOften) return;
  known.text ||= `${isByRuns ? BY_RUNS : ''}${name} listeners of one ${kindOf(target)}`;
  const { text } = known;
  growth.recountAtEnd(target, count);
  growth.note(target, count(target), isByRuns ? MIN_BY_RUNS : MIN_LISTENERS, () => ({
    site: siteOf(),
    text,
    called: 0,
  }));
}

const isBelow = (limit: number): boolean => limit > 0 && limit < MIN_BY_RUNS;

function kindOf(target: object): string {
  if (target instanceof AbortSignal) return 'AbortSignal';
  return target instanceof EventTarget ? 'event target' : typeNameOf(target) || 'emitter';
}
