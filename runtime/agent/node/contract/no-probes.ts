/** The probes when nothing is recorded: instrumented code runs as if they were not there. */
import type { Activation, ProbeSet } from './probe-set.ts';

const noActivation: Activation = { id: 0 };

export const noProbes: ProbeSet = {
  file: () => 1,
  enter: () => noActivation,
  suspend: (_activation, _site, operand) => operand,
  resume: (_activation, value) => value,
  caught() {},
  finallyIn: () => 0,
  finallyOut() {},
  ret: (_activation, _site, value) => value,
  done() {},
  exit() {},
  yielding: (_activation, _site, value) => value,
  made: (_base, _site, promise) => promise,
  at: (_base, _site, value) => value,
  iterate: (_activation, _site, iterable) => iterable,
  stepped() {},
};
