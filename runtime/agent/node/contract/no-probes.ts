/**
 * The probes of a thread that records nothing, and may all the same be given instrumented text: on
 * Node's hooks thread the program's own hooks run.
 */
import type { ProbeSet } from './probe-set.ts';

const nothing = (): void => {};
const noActivation = { id: 0 };

export const noProbes: ProbeSet = {
  file: () => 1,
  enter: () => noActivation,
  enterGuarded: () => noActivation,
  suspend: nothing,
  resume: nothing,
  resumeLater: nothing,
  caught: nothing,
  finallyIn: nothing,
  finallyOut: nothing,
  finallyLeave: nothing,
  ret: nothing,
  leave: nothing,
  done: nothing,
  end: nothing,
  exit: nothing,
  enterCallback: () => noActivation,
  leaveCallback: nothing,
  yielding: nothing,
  enterGenerator: () => noActivation,
  sent: nothing,
  made: nothing,
  given: nothing,
  streamCalled: nothing,
  asked: nothing,
  at: nothing,
  iterate: (_activation, _site, iterable) => iterable,
  stepped: nothing,
  held: nothing,
};
