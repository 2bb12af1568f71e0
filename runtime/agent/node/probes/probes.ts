/**
 * What the calls in instrumented code do: they keep the stack of activations, and they record which
 * activation began, gave the thread away, got it back and ended. `contract/probe-set.ts` is the
 * contract with the emitted code. The records mean:
 *
 *   activationBegin       it runs now, on top of what runs on this thread
 *   wait, activationEnd   it gives the thread back to the activation below
 *   run                   it is on top again
 *
 * None may throw: what could (an odd site table) is caught where it happens.
 */
import type { ProbeSet } from '../contract/probe-set.ts';
import type { SettleEvents } from '../promises/promise-hooks.ts';
import { promiseInfoOf } from '../state/promise-info.ts';
import { type ActivationProbes, activationProbes } from './activation-probes.ts';
import { awaitProbes } from './await-probes.ts';
import { type CallbackActivations, callbackActivations } from './callback-activations.ts';
import { type GroupProbes, groupProbes } from './group-probes.ts';
import { iterationProbes } from './iteration-probes.ts';
import type { ProbeContext } from './probe-context.ts';

export interface Probes
  extends
    ProbeSet,
    SettleEvents,
    CallbackActivations,
    Pick<GroupProbes, 'recordGroup'>,
    Pick<ActivationProbes, 'openModules'> {}

export function createProbes(context: ProbeContext): Probes {
  const { sites, bridge, asyncResources } = context;
  const full = asyncResources !== null;
  const waits = awaitProbes(context);
  const activations = activationProbes(context, waits);
  const iteration = iterationProbes(context, waits);
  const callbacks = callbackActivations(context, waits);
  const groups = groupProbes(context);

  return {
    file(path, table) {
      return sites.add(path, table);
    },
    enter: activations.enter,
    enterGuarded: activations.enterGuarded,
    suspend: waits.suspend,
    resume: waits.resume,
    caught: waits.caught,
    finallyIn: activations.finallyIn,
    finallyOut: activations.finallyOut,
    finallyLeave: activations.finallyLeave,
    ret: activations.ret,
    leave: activations.leave,
    done: activations.done,
    end: activations.end,
    exit: activations.exit,
    yielding: iteration.yielding,

    made(base, site, promise) {
      if (!full || typeof promise !== 'object' || promise === null) return;
      const info = promiseInfoOf(promise);
      if (info !== undefined && info.site === 0) info.site = base + site;
    },

    at(base, site) {
      const siteId = base + site;
      // Asked for its definition alone, which is written when a site is first used.
      sites.waitFlags(siteId);
      bridge.site = siteId;
    },

    // Until somebody can answer (register.ts).
    held() {},

    iterate: iteration.iterate,
    stepped: iteration.stepped,

    openActivation: callbacks.openActivation,
    closeActivation: callbacks.closeActivation,
    recordGroup: groups.recordGroup,
    recordWake: waits.recordWake,
    endReturning: activations.endReturning,
    endSettled: activations.endSettled,
    openModules: activations.openModules,
    recordGroupDecision: groups.recordGroupDecision,
  };
}
