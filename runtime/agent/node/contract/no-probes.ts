/** The probes when nothing is recorded: instrumented code runs through them as if they were not there. */
import type { Activation, ProbeSet } from './probe-set.ts';

const nobody: Activation = { id: 0 };

export const noProbes: ProbeSet = {
  file: () => 1,
  enter: () => nobody,
  suspend: (_act, _site, operand) => operand,
  resume: (_act, value) => value,
  caught() {},
  finallyIn: () => 0,
  finallyOut() {},
  ret: (_act, _site, value) => value,
  done() {},
  exit() {},
  yielding: (_act, _site, value) => value,
  made: (_base, _site, promise) => promise,
  at: (_base, _site, value) => value,
  iterate: (_act, _site, iterable) => iterable,
  stepped() {},
};
