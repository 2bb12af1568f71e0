/**
 * Every so many levels of calls, the begin of an activation demands stack enough for those levels,
 * for the probes and for what Node does with a rejected promise. So a recursion that is too deep
 * fails in a begin, where nothing is recorded yet, and what stands below it has stack to go on.
 */
const DEPTH_MASK = 7;
const DEMANDED_WORDS = 1024;
const padding = Array.from<undefined>({ length: DEMANDED_WORDS });
const { apply } = Reflect;
const nothing = (): void => {};

/** @param depth how many activations stand below the one that begins, or how many have begun */
export function demandStack(depth: number): void {
  if ((depth & DEPTH_MASK) === 0) apply(nothing, undefined, padding);
}
