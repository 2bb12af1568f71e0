/** The probes at the begin and the end of an activation, and the marks that tell how it ends. */
import { ACTIVATION_KIND, KIND, OUTCOME } from '../../../trace/format/kinds.ts';
import { isRejected } from '../builtins/inspect-safely.ts';
import type { ProbeSet } from '../contract/probe-set.ts';
import type { SettleEvents } from '../promises/promise-hooks.ts';
import { Activation, COMPLETION } from '../state/activation.ts';
import { promiseInfoOf } from '../state/promise-info.ts';
import { enterActivation, leaveActivation } from '../state/transitions.ts';
import { noteExit } from '../state/v8-order.ts';
import type { AwaitProbes } from './await-probes.ts';
import { claimNewestPromise } from './claim-promise.ts';
import type { ProbeContext } from './probe-context.ts';

const MODULE = ACTIVATION_KIND.module;
const ASYNC_GENERATOR = ACTIVATION_KIND['async-generator'];
const OK = OUTCOME.ok;
const ERROR = OUTCOME.error;

export type ActivationProbes = Pick<
  ProbeSet,
  'enter' | 'finallyIn' | 'finallyOut' | 'ret' | 'done' | 'exit'
> &
  Pick<SettleEvents, 'endReturning'>;

export function activationProbes(
  { recorder, state, sites, asyncResources }: ProbeContext,
  { wait, runAgain }: AwaitProbes,
): ActivationProbes {
  const full = asyncResources !== null;

  /**
   * The activation runs again only to leave, or to clean up. For a generator that was suspended at
   * a `yield`, its consumer is the cause. `return()` (a loop was left) acts in a microtask: nothing
   * is below then. `throw()` acts at once, on top of its caller.
   */
  function runToLeave(activation: Activation): void {
    if (activation.yielded && state.current === null) activation.completion = COMPLETION.done;
    runAgain(activation);
  }

  function end(activation: Activation): void {
    recorder.write(KIND.activationEnd, activation.failed ? ERROR : OK, activation.id, 0, 0, 0, 0);
    leaveActivation(state, activation);
  }

  return {
    enter(base, site) {
      const siteId = base + site;
      const { current } = state;
      const activation = new Activation(recorder.nextId(), base, 0);
      let parent = 0;
      let resource = 0;
      if (current !== null) parent = current.id;
      else if (state.creator !== 0) parent = state.creator;
      else if (full) resource = asyncResources.current();
      const kind = sites.kind(siteId);
      if (kind === MODULE) activation.module = true;
      else {
        claimNewestPromise(state, activation);
        // A generator's body begins with the first request.
        if (kind === ASYNC_GENERATOR) {
          activation.generator = true;
          if (current !== null) activation.consumer = current.id;
        }
      }
      recorder.write(KIND.activationBegin, kind, activation.id, parent, siteId, sites.name(siteId), resource);
      enterActivation(state, activation);
      return activation;
    },

    finallyIn(opaque) {
      const activation = opaque as Activation;
      if (!activation.running) runToLeave(activation);
      const { completion } = activation;
      activation.completion = COMPLETION.none;
      return completion;
    },

    finallyOut(opaque, token) {
      (opaque as Activation).completion = token;
    },

    ret(opaque, site, value) {
      const activation = opaque as Activation;
      activation.completion = COMPLETION.ret;
      if (activation.generator) {
        // The specification: `return E` in an async generator awaits E before anything else.
        if (activation.running) wait(activation, activation.base + site, value, true);
        return value;
      }
      if (full && typeof value === 'object' && value !== null) {
        if (promiseInfoOf(value) !== undefined) {
          activation.completion = COMPLETION.retPromise;
          activation.returning = value;
          activation.returnSite = activation.base + site;
        }
      }
      return value;
    },

    done(opaque) {
      (opaque as Activation).completion = COMPLETION.done;
    },

    exit(opaque) {
      const activation = opaque as Activation;
      if (!activation.running) runToLeave(activation);
      if (activation.completion === COMPLETION.retPromise && activation.returning !== null) {
        wait(activation, activation.returnSite, activation.returning, false);
        return;
      }
      activation.returning = null;
      activation.failed = activation.completion === COMPLETION.none;
      end(activation);
      if (full && !activation.module) noteExit(state, activation);
    },

    endReturning(activation) {
      const inner = activation.returning!;
      const callee = promiseInfoOf(inner)?.owner;
      // The activation's own promise is being settled and still looks pending; the inner one is
      // settled.
      activation.failed = callee != null && !callee.generator ? callee.failed : isRejected(inner);
      activation.returning = null;
      runAgain(activation);
      end(activation);
    },
  };
}
