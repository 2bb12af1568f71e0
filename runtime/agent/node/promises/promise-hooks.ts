/**
 * Identity by observation (full depth): which activation a promise belongs to, and who ended a
 * wait. V8 reports every promise that is made, reacted to or settled (`v8.promiseHooks`). A
 * `PromiseInfo` rides on each (`state/promise-info.ts`).
 *
 * Three orderings carry it (tried on Node 20, 22 and 24; `promise-hooks.test.ts`):
 *   1. init(p) directly before `enter`: p is the own promise of that activation.
 *   2. settled(p) directly after `exit`: the same, and the activation settled it. Without an
 *      `exit` before it (plain form): an error came out of the activation.
 *   3. Microtasks and ticks drain before the next macrotask: what executes without a cause is the
 *      root, an event from outside.
 *
 * It refuses to guess. A promise older than the instrument has no info. A wait without a known
 * cause is recorded as one.
 */
import { promiseHooks } from 'node:v8';
import { REASON } from '../../../trace/format/kinds.ts';
import { type Activation, NO_PROMISE_INFO, PromiseInfo, SETTLER } from '../state/activation.ts';
import { wasAborted } from '../state/abort-signals.ts';
import { attachPromiseInfo, promiseInfoOf } from '../state/promise-info.ts';
import { endResolvers } from '../state/resolvers.ts';
import type { ThreadState } from '../state/thread-state.ts';
import { clearCause, setCause } from '../state/transitions.ts';
import {
  endOfAwait,
  noteAdoption,
  noteMicrotask,
  notePromise,
  takeAdopting,
  takeExited,
} from '../state/v8-order.ts';
import type { AsyncResources } from './async-resources.ts';

/** What a stack overflow throws. */
const OVERFLOW = RangeError;

const TIMER = REASON.timer;
const IO = REASON.io;

/** What the hooks report to the probes, which write the records. */
export interface SettleEvents {
  /**
   * What an activation waits for was settled.
   * @param settler as `PromiseInfo.settler`
   * @param atOnce directly after the record written last: the two have one time.
   */
  recordWake(activation: Activation, settler: number, resource: number, atOnce: boolean): void;
  /**
   * The promise of `return promise` was settled, and with it the activation.
   * @param own where it returned another thenable: its own promise, which tells how it ended
   */
  endReturning(activation: Activation, own?: object): void;
  /** An activation's own promise is settled, and no probe ended it: an error came out of it. */
  endSettled(activation: Activation): void;
  /** The result of a group was settled; `decider` is the promise whose settling settled it. */
  recordGroupDecision(info: PromiseInfo, decider: PromiseInfo | null): void;
  /** A promise of a `new Promise` was resolved with another: that one decides. */
  followAdoption(adopting: PromiseInfo, from: PromiseInfo): void;
}

export interface PromiseHooks {
  init(promise: object, parent: object | undefined): void;
  before(promise: object): void;
  after(): void;
  settled(promise: object): void;
  /** Reports what was put off: the ends of activations that returned a thenable. */
  endAdopted(): void;
}

/**
 * Begins to watch all promises.
 * @returns what stops it
 */
export function installPromiseHooks({
  init,
  before,
  after,
  settled,
}: Omit<PromiseHooks, 'endAdopted'>): () => void {
  // The order is that of Node's createHook; all four at once, as one call into V8.
  const stop = promiseHooks.createHook({ init, before, after, settled } as Parameters<
    typeof promiseHooks.createHook
  >[0]);
  return stop as () => void;
}

/** @param onFault gets a fault of ours, which is never thrown */
export function createPromiseHooks(
  state: ThreadState,
  asyncResources: AsyncResources,
  events: SettleEvents,
  onFault: (error: unknown) => void,
): PromiseHooks {
  /** Null: nothing was put off. */
  let adopted: Adopted | null = null;

  function init(promise: object, parent: object | undefined): void {
    try {
      const { suspending } = state;
      if (suspending !== null && parent !== undefined) {
        const part = partOfAwait(suspending, promiseInfoOf(parent));
        if (part !== null) {
          attachPromiseInfo(promise, part);
          return;
        }
        endOfAwait(state);
      }
      const { current } = state;
      const creator = current !== null ? current.id : state.creator;
      if (parent === undefined) {
        const info = new PromiseInfo(null, creator);
        attachPromiseInfo(promise, info);
        notePromise(state, info);
        return;
      }
      const from = promiseInfoOf(parent) ?? null;
      if (from !== null) from.isTaken = true;
      const adopting = takeAdopting(state);
      if (adopting !== null) {
        adopting.from = from;
        if (adopting.resolvers !== null && from !== null) events.followAdoption(adopting, from);
      }
      attachPromiseInfo(promise, new PromiseInfo(from, creator));
    } catch (error) {
      // No stack left: the probes put right what this hook could not do (`endAbove`).
      if (!(error instanceof OVERFLOW)) onFault(error);
    }
  }

  /**
   * The info of a promise that V8 makes for an `await`; null: the promise is none of those.
   *
   * V8 makes one or two and reports them directly after `suspend`. The first is a wrapper, made
   * only around an operand that is no promise; its parent is the function's own promise, and
   * somebody settles it only if the operand is a thenable. The second reacts to the operand or to
   * the wrapper; no code ever sees it.
   */
  function partOfAwait(activation: Activation, parent: PromiseInfo | undefined): PromiseInfo | null {
    const { waitPromise } = activation;
    if (waitPromise === null) {
      // The thenable's `then` runs in a microtask of this promise: it is the waiter's code.
      const wrapper = new PromiseInfo(null, activation.id);
      wrapper.waiter = activation;
      activation.waitPromise = wrapper;
      return wrapper;
    }
    if (parent === waitPromise) {
      endOfAwait(state);
      return NO_PROMISE_INFO;
    }
    return waitPromise === NO_PROMISE_INFO ? NO_PROMISE_INFO : null;
  }

  function before(promise: object): void {
    try {
      const info = promiseInfoOf(promise);
      if (adopted !== null) endAdopted();
      noteMicrotask(state);
      if (info === undefined || info === NO_PROMISE_INFO) return;
      const { from } = info;
      if (from !== null) {
        info.from = null;
        setCause(state, from.settler, from.settlerResource, from, info.creator);
        return;
      }
      // The second microtask of a promise: it was resolved with a thenable, whose `then` is next.
      // The activation that returned the thenable began what runs there.
      const { owner } = info;
      setCause(state, 0, 0, null, owner !== null && owner.returning !== null ? owner.id : info.creator);
      if (owner === null) noteAdoption(state, info);
      if (info.resolvers !== null) endResolvers(info.resolvers);
    } catch (error) {
      // No stack left: the probes put right what this hook could not do (`endAbove`).
      if (!(error instanceof OVERFLOW)) onFault(error);
    }
  }

  function after(): void {
    if (adopted !== null) endAdopted();
    clearCause(state);
  }

  function settled(promise: object): void {
    try {
      const info = promiseInfoOf(promise);
      if (info === undefined || info === NO_PROMISE_INFO) return;
      info.from = null;
      if (info.resolvers !== null) {
        endResolvers(info.resolvers);
        info.resolvers = null;
      }
      if (info.owner !== null && info.owner.endsWithPromise) events.endSettled(info.owner);
      const exited = takeExited(state);
      if (exited !== null && exited.promise !== info) correctOwner(exited, info);
      const { owner, group } = info;
      if (owner !== null) {
        info.settler = owner.id;
        if (owner.returning !== null && owner.waitPromise === null) return putOff(promise, info, owner);
        if (owner.returning !== null) events.endReturning(owner);
      } else noteSettler(info);
      if (group !== null) {
        events.recordGroupDecision(info, state.causePromise);
        info.group = null;
      }
      if (info.waiter !== null) wakeWaiters(info, exited !== null);
      if (info.pooledResource !== 0) {
        info.pool!.release(info.pooledResource);
        info.pooledResource = 0;
      }
    } catch (error) {
      // No stack left: the probes put right what this hook could not do (`endAbove`).
      if (!(error instanceof OVERFLOW)) onFault(error);
    }
  }

  /**
   * The activation returned a thenable that is no promise. Only its own promise tells whether that
   * was fulfilled, and V8 reports it before it is: the report waits for the end of this microtask,
   * or for the next one. Those who wait for the activation cannot run before.
   */
  function putOff(promise: object, info: PromiseInfo, owner: Activation): void {
    const source = new PromiseInfo(null, 0);
    noteSettler(source);
    owner.waitPromise = source;
    adopted = { promise, info, owner, next: adopted };
  }

  function endAdopted(): void {
    let ended = adopted;
    adopted = null;
    try {
      for (; ended !== null; ended = ended.next) {
        events.endReturning(ended.owner, ended.promise);
        if (ended.info.waiter !== null) wakeWaiters(ended.info, true);
      }
    } catch (error) {
      onFault(error);
    }
  }

  /**
   * Who settles a promise that belongs to no activation: what runs, else its cause, else the root.
   */
  function noteSettler(info: PromiseInfo): void {
    const { current, causeSettler } = state;
    if (current !== null) {
      info.settler = current.id;
      info.settlerResource = current.resource;
    } else if (
      causeSettler > 0 ||
      causeSettler === SETTLER.external ||
      (causeSettler !== 0 && !isSettledOutside(info))
    ) {
      info.settler = causeSettler;
      info.settlerResource = state.causeResource;
    } else {
      // The promise of a timer or of I/O names the resource through which it is settled.
      const root = isSettledOutside(info) ? outsideOf(info) : asyncResources.current();
      info.settler = root === 0 ? SETTLER.unknown : SETTLER.external;
      info.settlerResource = root;
    }
  }

  function outsideOf(info: PromiseInfo): number {
    if (info.reason === TIMER && wasAborted(info)) return asyncResources.abortSignal();
    return info.pooledResource || info.resource;
  }

  function wakeWaiters(info: PromiseInfo, atOnce: boolean): void {
    let waiter = info.waiter;
    info.waiter = null;
    while (waiter !== null) {
      const next: Activation | null = waiter.nextWaiter;
      waiter.nextWaiter = null;
      events.recordWake(waiter, info.settler, info.settlerResource, atOnce);
      waiter = next;
    }
  }

  return { init, before, after, settled, endAdopted };
}

/** The end of an activation that is put off. */
interface Adopted {
  readonly promise: object;
  readonly info: PromiseInfo;
  readonly owner: Activation;
  readonly next: Adopted | null;
}

/** It stands for a resource that only an event from outside settles. */
function isSettledOutside(info: PromiseInfo): boolean {
  return info.reason === TIMER || info.reason === IO;
}

/**
 * The promise settled directly after an exit is the activation's own. Parameters that are not
 * simple make promises between init and `enter`, and then `enter` took one of those.
 */
function correctOwner(activation: Activation, info: PromiseInfo): void {
  if (info.owner !== null) return;
  const { promise } = activation;
  if (promise !== null && promise.owner === activation) promise.owner = null;
  info.owner = activation;
  activation.promise = info;
}
