/** A list was filtered, searched or sorted by an async function: promises count as true. */
import { types } from 'node:util';
import { FACT, KIND } from '../../../trace/format/kinds.ts';
import { builtIns, SafeMap } from '../../../recorder/built-ins.ts';
import type { SharedStep } from '../contract/probe-set.ts';
import type { ThreadContext } from './thread-context.ts';

const { isArray, matches } = builtIns;

export type AsyncPredicates = (step: SharedStep, site: number, value: unknown) => void;

export function asyncPredicates({
  recorder,
  sites,
  state,
}: Pick<ThreadContext, 'recorder' | 'sites' | 'state'>): AsyncPredicates {
  const counts = new SafeMap<number, number>();
  return ({ name }, site, value) => {
    const passed = passedBy(name, value);
    if (passed < 0) return;
    const count = (counts.get(site) ?? 0) + 1;
    counts.set(site, count);
    if ((count & (count - 1)) !== 0) return;
    sites.waitFlags(site);
    const task = state.current?.id ?? state.creator;
    recorder.write(KIND.fact, FACT['async-predicate'], task, site, recorder.defineText(name), 0, passed);
  };
}

/** How many the list holds; −1: the call gave what no list gives, or there was nothing to ask. */
function passedBy(name: string, value: unknown): number {
  if (matches(/(?:filter|sort|toSorted)$/i, name) !== null)
    return isArray(value) && value.length > (matches(/filter$/, name) === null ? 1 : 0) ? value.length : -1;
  if (matches(/(?:some|every)$/, name) !== null) return value === true ? 0 : -1;
  if (matches(/Index$/, name) !== null) return typeof value === 'number' && value >= 0 ? 0 : -1;
  // `find` of a stream or of a database gives a promise.
  return value === undefined || value === null || types.isPromise(value) ? -1 : 0;
}
