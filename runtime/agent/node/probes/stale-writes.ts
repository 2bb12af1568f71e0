/**
 * An answer was kept in a place where that of a run that had begun later stood already
 * (instrument/stale-writes.ts). Of an async function the order is that of its runs; of a callback
 * that is given the answer, that of the runs that gave it, or else of who asked for it.
 */
import { FACT, KIND } from '../../../trace/format/kinds.ts';
import { builtIns, SafeMap } from '../../../recorder/built-ins.ts';
import type { SharedStep } from '../contract/probe-set.ts';
import type { ThreadContext } from './thread-context.ts';

const { getWeak, setWeak } = builtIns;
const STALE = FACT['stale-write'];
const NEWER = FACT['stale-newer'];
const OVER = FACT['stale-over'];
const MAX_PLACES = 1000;

/** One place that runs share. */
interface Place {
  /** Of the newest run whose answer came. */
  newest: number;
  /** An older one came after it. */
  isStale: boolean;
  /** How often that happened. */
  count: number;
}

const placesByOwner = new WeakMap<object, SafeMap<string, Place>>();

export type StaleWrites = (step: SharedStep, base: number, site: number, owner: unknown) => void;

export function staleWrites({
  recorder,
  sites,
  state,
}: Pick<ThreadContext, 'recorder' | 'sites' | 'state'>): StaleWrites {
  const placesByFile = new SafeMap<number, SafeMap<string, Place>>();

  function placesOf(owner: unknown, base: number): SafeMap<string, Place> | null {
    if (owner === 0) {
      const known = placesByFile.get(base) ?? new SafeMap<string, Place>();
      placesByFile.set(base, known);
      return known;
    }
    if ((typeof owner !== 'object' && typeof owner !== 'function') || owner === null) return null;
    let known = getWeak(placesByOwner, owner);
    if (known === undefined) setWeak(placesByOwner, owner, (known = new SafeMap()));
    return known;
  }

  /** Runs are numbered as they begin; 0: it is not known which run this is. */
  function orderOf({ how }: SharedStep): number {
    if (how === 'sets') return state.current?.id ?? 0;
    return state.causePromise?.owner?.id ?? state.creator;
  }

  return (step, base, site, owner) => {
    const order = orderOf(step);
    const places = order <= 0 ? null : placesOf(owner, base);
    if (places === null) return;
    // Each line has places of its own: what others set has another order.
    const key = `${site} ${step.key}`;
    const place = places.get(key);
    if (place === undefined) {
      if (places.size < MAX_PLACES) places.set(key, { newest: order, isStale: false, count: 0 });
      return;
    }
    if (order >= place.newest) {
      if (place.isStale) recorder.write(KIND.fact, OVER, order, site, 0, 0, place.count);
      place.isStale = false;
      place.newest = order;
      return;
    }
    place.isStale = true;
    place.count++;
    sites.waitFlags(site);
    recorder.write(KIND.fact, NEWER, place.newest, site, 0, 0, place.count);
    recorder.write(KIND.fact, STALE, order, site, recorder.defineText(step.name), 0, place.count);
  };
}
