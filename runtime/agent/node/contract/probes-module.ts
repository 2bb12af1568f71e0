/** What instrumented ES modules import: the probes that the preload put in their place, or idle ones in a thread without it. */
import { noProbes } from './no-probes.ts';
import type { ProbeSet } from './probe-set.ts';

export const probes: ProbeSet =
  (Reflect.get(globalThis, Symbol.for('simul.probes')) as ProbeSet | undefined) ?? noProbes;
