/** The probes at the begin and the end of an activation, and the marks that tell how it ends. */
import { ACTIVATION_KIND, KIND, OUTCOME } from '../../../trace/format/kinds.ts';
import { isRejected, isThenable } from '../builtins/inspect-safely.ts';
import type { ProbeSet } from '../contract/probe-set.ts';
import type { SettleEvents } from '../promises/promise-hooks.ts';
import { Activation, COMPLETION } from '../state/activation.ts';
import { promiseInfoOf } from '../state/promise-info.ts';
import { enterActivation, leaveActivation } from '../state/transitions.ts';
import { noteExit } from '../state/v8-order.ts';
import type { AwaitProbes } from './await-probes.ts';
import { claimNewestPromise } from './claim-promise.ts';
import { demandStack } from './demand-stack.ts';
import type { GeneratorProbes } from './generator-probes.ts';
import type { ProbeContext } from './probe-context.ts';

const MODULE = ACTIVATION_KIND.module;
const ASYNC_GENERATOR = ACTIVATION_KIND['async-generator'];
const OK = OUTCOME.ok;
const ERROR = OUTCOME.error;

export type ActivationProbes = Pick<
  ProbeSet,
  | 'enter'
  | 'enterGuarded'
  | 'finallyIn'
  | 'finallyOut'
  | 'finallyLeave'
  | 'ret'
  | 'leave'
  | 'done'
  | 'end'
  | 'exit'
> &
  Pick<SettleEvents, 'endReturning' | 'endSettled'> & {
    /** Bodies of modules that have begun and did not come to their end. */
    readonly openModules: () => readonly Activation[];
  };

export function activationProbes(
  { recorder, state, sites, asyncResources, targets }: ProbeContext,
  { wait, runAgain, endAbove }: AwaitProbes,
  { runToClose, endGenerator }: GeneratorProbes,
): ActivationProbes {
  const full = asyncResources !== null;
  const { lastBegun } = targets.receivers;
  const openModules: Activation[] = [];

  function closeModule(activation: Activation): void {
    let at = 0;
    while (at < openModules.length && openModules[at] !== activation) at++;
    if (at === openModules.length) return;
    openModules[at] = openModules[openModules.length - 1]!;
    openModules.length--;
  }

  /**
   * The activation runs again only to leave, or to clean up. For a generator that was suspended at
   * a `yield`, its consumer is the cause. `return()` (a loop was left) acts in a microtask: nothing
   * is below then. `throw()` acts at once, on top of its caller.
   */
  function runToLeave(activation: Activation): void {
    if (activation.isSync) return runToClose(activation);
    if (activation.yielded && state.current === null) activation.completion = COMPLETION.done;
    runAgain(activation);
  }

  function end(activation: Activation): void {
    const { returnSite } = activation;
    if (returnSite !== 0 && !activation.failed) {
      sites.waitFlags(returnSite);
      recorder.write(KIND.activationEnd, OK, activation.id, 0, returnSite, 0, 0);
    } else recorder.write(KIND.activationEnd, activation.failed ? ERROR : OK, activation.id, 0, 0, 0, 0);
    leaveActivation(state, activation);
  }

  function begin(base: number, site: number): Activation {
    const siteId = base + site;
    const { current } = state;
    const activation = new Activation(recorder.nextId(), base, 0);
    let parent = 0;
    let resource = 0;
    if (current !== null) {
      parent = current.id;
      activation.depth = current.depth + 1;
      demandStack(activation.depth);
    } else if (state.creator !== 0) parent = state.creator;
    else if (full) resource = asyncResources.current();
    lastBegun.add(activation.id, siteId);
    const kind = sites.kind(siteId);
    if (kind === MODULE) {
      activation.module = true;
      openModules[openModules.length] = activation;
    } else {
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
  }

  /** `return E`: how the body is about to end. */
  function mark(activation: Activation, site: number, value: unknown, root: unknown): void {
    if (!activation.running) runAgain(activation);
    else if (state.current !== activation) endAbove(activation);
    activation.completion = COMPLETION.ret;
    activation.returnSite = activation.base + site;
    if (activation.isSync) return;
    if (activation.generator) {
      // The specification: `return E` in an async generator awaits E before anything else.
      wait(activation, activation.base + site, value, true);
    } else if (full && ((typeof value === 'object' && value !== null) || typeof value === 'function'))
      markObject(activation, value, root);
  }

  /** `return promise`; or another thenable: V8 calls its `then` in a microtask to come. */
  function markObject(activation: Activation, value: object, root: unknown): void {
    const { receivers } = targets;
    const { returnSite } = activation;
    if (!isThenable(value)) return;
    if (promiseInfoOf(value) !== undefined) {
      if (root !== undefined) receivers.bindAsked(returnSite, value, root);
    } else if (root !== undefined) {
      activation.returnReceiver = receivers.resourceOf(returnSite, root);
      if (activation.returnReceiver !== 0) receivers.noteInside(activation.returnReceiver, returnSite);
    }
    activation.completion = COMPLETION.retPromise;
    activation.returning = value;
  }

  function exit(activation: Activation): void {
    if (!activation.running) runToLeave(activation);
    else if (state.current !== activation) endAbove(activation);
    if (activation.completion === COMPLETION.retPromise && activation.returning !== null) {
      wait(activation, activation.returnSite, activation.returning, false);
      activation.endsWithPromise = false;
      return;
    }
    activation.returning = null;
    activation.failed = activation.completion === COMPLETION.none;
    if (activation.isSync) return endGenerator(activation);
    end(activation);
    // Only now: a stack overflow in here leaves the rest to the promise.
    activation.endsWithPromise = false;
    if (activation.module) closeModule(activation);
    else if (full) noteExit(state, activation);
  }

  function finallyOut(activation: Activation, level: number): void {
    activation.completion = (activation.heldCompletions >>> (2 * level)) & 3;
  }

  return {
    enter(base, site) {
      const activation = begin(base, site);
      activation.endsWithPromise = true;
      return activation;
    },

    enterGuarded: begin,

    finallyIn(opaque, level) {
      const activation = opaque as Activation;
      if (!activation.running) runToLeave(activation);
      const shift = 2 * level;
      activation.heldCompletions =
        (activation.heldCompletions & ~(3 << shift)) | (activation.completion << shift);
      activation.completion = COMPLETION.none;
    },

    finallyOut(opaque, level) {
      finallyOut(opaque as Activation, level);
    },

    finallyLeave(opaque, level) {
      const activation = opaque as Activation;
      finallyOut(activation, level);
      if (activation.completion !== COMPLETION.none) exit(activation);
    },

    ret(opaque, site, value, root) {
      mark(opaque as Activation, site, value, root);
    },

    leave(opaque, site, value, root) {
      mark(opaque as Activation, site, value, root);
      exit(opaque as Activation);
    },

    done(opaque) {
      (opaque as Activation).completion = COMPLETION.done;
    },

    end(opaque) {
      (opaque as Activation).completion = COMPLETION.done;
      exit(opaque as Activation);
    },

    exit(opaque) {
      exit(opaque as Activation);
    },

    endSettled: exit,
    openModules: () => openModules,

    endReturning(activation, settled) {
      const inner = activation.returning!;
      const callee = promiseInfoOf(inner)?.owner;
      activation.failed = callee != null && !callee.generator ? callee.failed : isRejected(settled ?? inner);
      activation.returning = null;
      runAgain(activation);
      end(activation);
    },
  };
}
