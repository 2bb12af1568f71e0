/**
 * Activations outside instrumented code: a timer's callback, the main body. Patches open and close
 * them.
 */
import { ACTIVATION_KIND, KIND, OUTCOME } from '../../../trace/format/kinds.ts';
import type { ProbeSet } from '../contract/probe-set.ts';
import { Activation, COMPLETION, SETTLER } from '../state/activation.ts';
import { enterActivation, leaveActivation } from '../state/transitions.ts';
import type { AwaitProbes } from './await-probes.ts';
import type { ProbeContext } from './probe-context.ts';

const OK = OUTCOME.ok;
const PROMISE_CALLBACK = ACTIVATION_KIND['promise-callback'];
const TIMER_CALLBACK = ACTIVATION_KIND['timer-callback'];
const TICK_CALLBACK = ACTIVATION_KIND['tick-callback'];
const ERROR = OUTCOME.error;

/** What a callback is that was called while something of the program's ran. */
const NOBODY = new Activation(0, 0, 0);

export interface CallbackActivations extends Pick<ProbeSet, 'enterCallback' | 'leaveCallback'> {
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
  { recorder, state, sites, asyncResources }: ProbeContext,
  { endAbove }: AwaitProbes,
): CallbackActivations {
  let lastTick = 0;
  let lastTickSite = 0;

  /**
   * A tick or a microtask that asked for itself again: in a flood of them each would be an
   * activation, and the thread would seem to get on (`holds/rearming-ticks.ts`).
   */
  function isAskedForAgain(site: number): boolean {
    return state.creator !== 0 && state.creator === lastTick && site === lastTickSite;
  }

  function begin(site: number): Activation {
    const kind = sites.kind(site);
    const parent = state.creator;
    const resource =
      parent === 0 && kind !== PROMISE_CALLBACK && kind !== TIMER_CALLBACK ? rootOf(asyncResources) : 0;
    const activation = new Activation(recorder.nextId(), 0, resource);
    recorder.write(KIND.activationBegin, kind, activation.id, parent, site, sites.name(site), resource);
    enterActivation(state, activation);
    if (kind === TICK_CALLBACK) {
      lastTick = activation.id;
      lastTickSite = site;
    }
    return activation;
  }

  /** What set off the code that runs now; of a tick, what set off whoever asked for it. */
  function rootOf(resources: typeof asyncResources): number {
    if (resources === null) return 0;
    return state.causeSettler === SETTLER.external && state.causeResource !== 0
      ? state.causeResource
      : resources.current();
  }

  function close(activation: Activation, ok: boolean): void {
    if (state.current !== activation) endAbove(activation);
    recorder.write(KIND.activationEnd, ok ? OK : ERROR, activation.id, 0, 0, 0, 0);
    leaveActivation(state, activation);
  }

  return {
    enterCallback(base, site) {
      if (state.current !== null || isAskedForAgain(base + site)) return NOBODY;
      try {
        return begin(base + site);
      } catch {
        // No stack is left.
        return NOBODY;
      }
    },

    leaveCallback(opaque) {
      if (opaque === NOBODY) return;
      const activation = opaque as Activation;
      // What ended the process left it already.
      if (activation.running) close(activation, activation.completion !== COMPLETION.none);
    },

    openActivation(kind, parent, site, name, resource) {
      const activation = new Activation(recorder.nextId(), 0, resource);
      recorder.write(KIND.activationBegin, kind, activation.id, parent, site, name, resource);
      enterActivation(state, activation);
      return activation;
    },

    closeActivation: close,
  };
}
