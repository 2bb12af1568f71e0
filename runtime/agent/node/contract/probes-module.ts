/**
 * What instrumented ES modules import: the probes that the preload published, or probes that do
 * nothing in a thread without the preload.
 */
import { noProbes } from './no-probes.ts';
import type { ProbeSet } from './probe-set.ts';

export const probes: ProbeSet =
  (Reflect.get(globalThis, Symbol.for('simul.probes')) as ProbeSet | undefined) ?? noProbes;
