/**
 * Activations outside instrumented code: a timer's callback, the main body. Patches open and close
 * them.
 */
import { KIND, OUTCOME } from '../../../trace/format/kinds.ts';
import { Activation } from '../state/activation.ts';
import { enterActivation, leaveActivation } from '../state/transitions.ts';
import type { AwaitProbes } from './await-probes.ts';
import type { ProbeContext } from './probe-context.ts';

const OK = OUTCOME.ok;
const ERROR = OUTCOME.error;

export interface CallbackActivations {
  /**
   * An activation begins.
   * @param kind one of ACTIVATION_KIND
   * @param name id of a text
   * @param resource the resource it belongs to (a timer), or 0
   */
  openActivation(kind: number, parent: number, site: number, name: number, resource: number): Activation;
  /** It ends, and what it left running above itself with it. `ok`: no error came out of it. */
  closeActivation(activation: Activation, ok: boolean): void;
}

export function callbackActivations(
  { recorder, state }: ProbeContext,
  { endAbove }: AwaitProbes,
): CallbackActivations {
  return {
    openActivation(kind, parent, site, name, resource) {
      const activation = new Activation(recorder.nextId(), 0, resource);
      recorder.write(KIND.activationBegin, kind, activation.id, parent, site, name, resource);
      enterActivation(state, activation);
      return activation;
    },

    closeActivation(activation, ok) {
      if (state.current !== activation) endAbove(activation);
      recorder.write(KIND.activationEnd, ok ? OK : ERROR, activation.id, 0, 0, 0, 0);
      leaveActivation(state, activation);
    },
  };
}
