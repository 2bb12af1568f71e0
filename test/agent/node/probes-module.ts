/**
 * What instrumented modules import in these tests. Not loaded before them, as in the shipped agent: a module that is
 * called through a circular import must find it evaluated all the same.
 */
import { type ProbeSet } from '../../../runtime/agent/node/contract/probe-set.ts';

export const probes = Reflect.get(globalThis, Symbol.for('simul.probes')) as ProbeSet;
