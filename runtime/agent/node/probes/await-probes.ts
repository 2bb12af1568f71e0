/**
 * The probes around an `await`: an activation waits for an operand, and runs again. The other files
 * of the room record their own waits through `wait` and `runAgain`.
 */
import { FLAG, KIND, OUTCOME, REASON, WAKER } from '../../../trace/format/kinds.ts';
import { builtIns } from '../../../recorder/built-ins.ts';
import { waitReasonOf, waitTargetOf } from '../../../recorder/library-bridge.ts';
import { typeNameOf } from '../builtins/inspect-safely.ts';
import type { ProbeSet } from '../contract/probe-set.ts';
import { showSource } from '../stack/show-source.ts';
import type { SettleEvents } from '../promises/promise-hooks.ts';
import { Activation, COMPLETION, NO_PROMISE_INFO, type PromiseInfo, SETTLER } from '../state/activation.ts';
import { addWaiter, bindResource, promiseInfoOf, removeWaiter } from '../state/promise-info.ts';
import { enterActivation, leaveActivation, suspendActivation } from '../state/transitions.ts';
import { claimNewestPromise } from './claim-promise.ts';
import { repeatedAwaits } from './repeated-awaits.ts';
import type { ProbeContext } from './probe-context.ts';

const KNOWN = WAKER.known;
const EXTERNAL = WAKER.external;
const TASK = REASON.task;
const FUTURE = REASON.future;
const VALUE = REASON.value;
const { io: IO } = REASON;
const { indexOf, isArray } = builtIns;
const ERROR = OUTCOME.error;

export interface AwaitProbes
  extends Pick<ProbeSet, 'suspend' | 'resume' | 'resumeLater' | 'caught'>, Pick<SettleEvents, 'recordWake'> {
  /**
   * Records the wait for `operand` and gives the thread away.
   * @param v8Awaits V8 makes the promises of an `await` for this wait
   * @param root of the receiver of the call that gave the operand; undefined: it has none
   */
  wait(activation: Activation, site: number, operand: unknown, v8Awaits: boolean, root?: unknown): void;
  /**
   * The activation has the thread again; records who ended its wait.
   * @param type id of the text that names the type of what a generator got; 0: unknown, or nothing
   */
  runAgain(activation: Activation, type?: number): void;
  /**
   * The activation runs, and others stand above it: their code ended, and nothing reported it. A
   * stack overflow stops probes and promise hooks as well.
   */
  endAbove(activation: Activation): void;
}

export function awaitProbes(context: ProbeContext): AwaitProbes {
  const { recorder, state, sites, bridge, errors, resolvers } = context;
  const { contexts, lists } = context;
  const full = context.asyncResources !== null;
  const repeated = repeatedAwaits(context);
  const { pooledResourceOf, poolOfSite, originOf, receivers } = context.targets;

  function wait(
    activation: Activation,
    site: number,
    operand: unknown,
    v8Awaits: boolean,
    root?: unknown,
  ): void {
    let reason: number = VALUE;
    let target = 0;
    let type = 0;
    let flags = sites.waitFlags(site);
    let promise: PromiseInfo | null = NO_PROMISE_INFO;
    activation.receiver = 0;
    activation.takingSite = 0;
    activation.waitSite = site;
    if ((typeof operand === 'object' && operand !== null) || typeof operand === 'function') {
      reason = FUTURE;
      const libraryWait = bridge.waitOf === null ? -1 : bridge.waitOf(operand);
      if (libraryWait >= 0) {
        reason = waitReasonOf(libraryWait);
        target = waitTargetOf(libraryWait);
        // A task that is made and awaited at once is no call: it runs by itself.
        flags &= ~FLAG.waitDirect;
        promise = full ? null : NO_PROMISE_INFO;
      } else if (full) {
        const info = promiseInfoOf(operand);
        if (info === undefined) {
          // A thenable: the promise that V8 makes around it is awaited (promise-hooks.ts, init).
          promise = null;
          type = recorder.defineText(typeNameOf(operand));
          if (root !== undefined) target = activation.receiver = receivers.resourceOf(site, root);
          else if (!v8Awaits) target = activation.returnReceiver;
        } else {
          promise = info;
          if (info.owner !== null) {
            reason = TASK;
            target = info.owner.id;
            if (lists.isWatching) lists.noteAwaited(info);
            if (root !== undefined && sites.takes(site)) receivers.noteTaking(activation, site, root);
          } else if (info.resource !== 0 || isOfImport(info, site)) {
            reason = info.reason;
            target = info.pool === null ? info.resource : pooledResourceOf(info, info.pool);
            if (reason === TASK) flags &= ~FLAG.waitDirect;
            else if (reason === FUTURE) activation.receiver = target;
          } else {
            target = targetOfOrphan(info, site, root);
            if (target === 0 || info.resource !== 0) activation.receiver = target;
            // `await f().then(g)` does not end with f: it is no call of f that is awaited at once.
            else if (info.site === 0) flags &= ~FLAG.waitDirect;
          }
          if (info.settler !== 0) flags |= FLAG.waitYield;
          else {
            addWaiter(info, activation);
            if (info.owner === null) resolvers.noteWait(info, activation.id);
          }
        }
      }
    } else flags |= FLAG.waitYield;
    bridge.site = 0;
    recorder.write(KIND.wait, reason | flags, activation.id, site, target, type, 0);
    suspendActivation(state, activation, promise, full && v8Awaits);
  }

  /**
   * Of a promise that belongs to no activation, timer or group. An object that was asked tells more
   * than the line of the `new Promise` in its class, and that line more than a function's name.
   */
  function targetOfOrphan(info: PromiseInfo, site: number, root: unknown): number {
    if (info.site !== 0 && (root === undefined || typeof root === 'function'))
      return pooledResourceOf(info, poolOfSite(info.site));
    const origin = info.from === null || info.site !== 0 ? 0 : originOf(info);
    if (origin !== 0 || root === undefined) return origin;
    const asked = receivers.resourceOf(site, root);
    if (asked === 0) return info.site === 0 ? 0 : pooledResourceOf(info, poolOfSite(info.site));
    bindResource(info, FUTURE, asked);
    receivers.noteInside(asked, site);
    return asked;
  }

  /** `await import(…)`: the promise is given a resource. */
  function isOfImport(info: PromiseInfo, site: number): boolean {
    if (info.site !== 0 || info.from !== null || indexOf(sites.text(site), 'import(') !== 0) return false;
    bindResource(info, IO, context.asyncResources!.moduleLoading());
    return true;
  }

  function runAgain(activation: Activation, type = 0): void {
    const { waitPromise } = activation;
    let waker = 0;
    let resource = 0;
    if (waitPromise !== null) {
      waker = waitPromise.settler;
      resource = waitPromise.settlerResource;
      activation.waitPromise = null;
      if (waker === 0 && waitPromise !== NO_PROMISE_INFO) removeWaiter(waitPromise, activation);
    } else if (activation.yielded) {
      // The consumer asked for the next value: it stands below, and its request's promise is new.
      if (state.current !== null) waker = activation.consumer = state.current.id;
      else if (!activation.isSync) {
        // Node or a package consumes it: by what it was called in turn, maybe by the last value.
        waker = state.causeSettler;
        resource = state.causeResource;
        if (waker <= 0 && resource === 0) resource = context.asyncResources?.current() ?? 0;
        if (waker <= 0 && resource !== 0) waker = SETTLER.external;
      }
      if (!activation.isSync) claimNewestPromise(state, activation);
    }
    activation.yielded = false;
    if (waker > 0) {
      recorder.write(KIND.run, KNOWN, activation.id, waker, resource, type, 0);
      contexts.resumed(activation, waker);
    } else if (waker === SETTLER.external) {
      recorder.write(KIND.run, EXTERNAL, activation.id, 0, resource, 0, 0);
    } else recorder.write(KIND.run, 0, activation.id, 0, resource, type, 0);
    enterActivation(state, activation);
  }

  function endAbove(activation: Activation): void {
    let below = state.current;
    while (below !== null && below !== activation) below = below.below;
    for (let top = state.current; below !== null && top !== below; top = state.current) {
      if (top === null) return;
      if (top.endsWithPromise) {
        top.endsWithPromise = false;
        top.failed = true;
        recorder.write(KIND.activationEnd, ERROR, top.id, 0, 0, 0, 0);
      }
      leaveActivation(state, top);
    }
  }

  function resume(opaque: unknown, value?: unknown): void {
    const activation = opaque as Activation;
    if (!activation.running) {
      if (activation.receiver !== 0) receivers.noteGiven(activation, value);
      if (activation.takingSite !== 0) receivers.noteTaken(activation);
      if (sites.anyAsksAgain) repeated.answered(activation, value);
      if (full && isArray(value)) lists.noteGiven(value, activation.waitSite, activation.id);
      runAgain(activation);
    } else if (state.current !== activation) endAbove(activation);
  }

  return {
    wait,
    runAgain,
    endAbove,

    suspend(opaque, site, operand, root) {
      const activation = opaque as Activation;
      if (!activation.running) return;
      if (state.current !== activation) endAbove(activation);
      const siteId = activation.base + site;
      if (root !== undefined && full && sites.releases(siteId)) receivers.noteUse(siteId, root);
      wait(activation, siteId, operand, true, root);
    },

    resume,
    resumeLater: resume,

    caught(opaque, error) {
      showSource(error);
      const activation = opaque as Activation;
      if (!activation.running) {
        const failed = activation.waitPromise?.owner ?? null;
        runAgain(activation, activation.isSync ? context.valueTypes.textOf(error) : 0);
        if (failed !== null && failed.failed) errors.recordCaught(failed, error);
        if (sites.anyAsksAgain) repeated.failed(activation, error);
      } else if (state.current !== activation) endAbove(activation);
      activation.completion = COMPLETION.none;
    },

    recordWake(activation, settler, resource, atOnce) {
      const waker = settler > 0 ? settler : 0;
      if (atOnce) recorder.writeAtLastTime(KIND.wake, 0, activation.id, waker, resource, 0, 0);
      else recorder.write(KIND.wake, 0, activation.id, waker, resource, 0, 0);
    },
  };
}
