/**
 * An answer was kept in a place where that of a run that had begun later stood already
 * (instrument/stale-writes.ts). Of an async function the order is that of its runs; of a callback
 * that is given the answer, that of the runs that gave it, or else of who asked for it.
 */
import { FACT, KIND } from '../../../trace/format/kinds.ts';
import { builtIns, SafeMap, SafeRef } from '../../../recorder/built-ins.ts';
import type { SharedStep } from '../contract/probe-set.ts';
import { fingerprintOf } from './fingerprint.ts';
import { objectAt } from './object-at.ts';
import type { ThreadContext } from './thread-context.ts';

const { getWeak, setWeak } = builtIns;
const STALE = FACT['stale-write'];
const NEWER = FACT['stale-newer'];
const OVER = FACT['stale-over'];
const MAX_PLACES = 1000;
const MAX_TEXT = 1024;
const NOT_KEPT = Symbol('not kept');

/** One place that runs share. */
interface Place {
  /** Of the newest run whose answer came. */
  newest: number;
  /** An older one came after it. */
  isStale: boolean;
  /** How often that happened. */
  count: number;
  /** What came from the newest run: an object is held weakly. */
  value: unknown;
}

const placesByOwner = new WeakMap<object, SafeMap<string, Place>>();

/** @param owner with the key as a pair, where the step has none */
export type StaleWrites = (
  step: SharedStep,
  base: number,
  site: number,
  value: unknown,
  owner: unknown,
) => void;

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

  return (step, base, site, value, given) => {
    const isKeyed = step.key === undefined;
    const owner = isKeyed ? (given as readonly unknown[])[0] : given;
    const name = isKeyed ? (given as readonly unknown[])[1] : step.key;
    if (typeof name !== 'string' && typeof name !== 'number') return;
    const order = orderOf(step);
    const places = order <= 0 ? null : placesOf(owner === 0 ? 0 : objectAt(owner, step.keys), base);
    if (places === null) return;
    // Each line has places of its own: what others set has another order.
    const key = `${site} ${name}`;
    const place = places.get(key);
    if (place === undefined) {
      if (places.size >= MAX_PLACES) return;
      places.set(key, { newest: order, isStale: false, count: 0, value: keptOf(value) });
      return;
    }
    if (order >= place.newest) {
      if (place.isStale) recorder.write(KIND.fact, OVER, order, site, 0, 0, place.count);
      place.isStale = false;
      place.newest = order;
      place.value = keptOf(value);
      return;
    }
    if (areAlike(place.value, value)) return;
    place.isStale = true;
    place.count++;
    sites.waitFlags(site);
    recorder.write(KIND.fact, NEWER, place.newest, site, 0, 0, place.count);
    const text = recorder.defineText(step.isGiven === true ? `${step.name}|given` : step.name);
    recorder.write(KIND.fact, STALE, order, site, text, 0, place.count);
  };
}

/** Long texts are not kept. */
function keptOf(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) return new SafeRef(value);
  return typeof value === 'function' || (typeof value === 'string' && value.length > MAX_TEXT)
    ? NOT_KEPT
    : value;
}

/** The older run brought the same as the newer one. */
function areAlike(kept: unknown, value: unknown): boolean {
  if (!(kept instanceof SafeRef)) return kept === value;
  const object = kept.deref();
  if (object === undefined || typeof value !== 'object' || value === null) return false;
  if (object === value) return true;
  const text = fingerprintOf(object);
  return text !== null && text === fingerprintOf(value);
}
