/**
 * What instrumented modules import in these tests. As in the shipped agent, it is not loaded before
 * them: a module that is called through a circular import must find it evaluated all the same.
 */
import { type ProbeSet } from '../../../runtime/agent/node/contract/probe-set.ts';

export const probes = Reflect.get(globalThis, Symbol.for('simul.probes')) as ProbeSet;
