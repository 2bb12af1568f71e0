/**
 * Identity by observation (full depth): which activation a promise belongs to, and who ended a wait. V8 tells
 * of every promise made, reacted to and settled (`v8.promiseHooks`); a `Link` rides on each, in a private field put
 * there by a constructor that returns its argument: invisible to `inspect`, `ownKeys` and frozen objects.
 *
 * Three orderings carry it (tried on Node 20, 22 and 24; test/agent/node/promises/promise-hooks.test.ts):
 *   1. init(p) directly before `enter`: p is that activation's own promise.
 *   2. settled(p) directly after `exit`: the same, and the activation settled it.
 *   3. Microtasks and ticks drain before the next macrotask: without a cause, what executes now is the root.
 *
 * It refuses to guess: a promise older than the instrument has no link, a wait without a cause says so.
 * Reading a private field that is not there costs a hundred times one that is (V8 does not cache the miss): hence NO_LINK.
 */
import { executionAsyncId, executionAsyncResource } from 'node:async_hooks';
import { promiseHooks } from 'node:v8';
import { KIND, REASON, RESOURCE_KIND } from '../../../trace/format/kinds.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import { ASYNC_RESOURCE_NAMES } from './async-resource-names.ts';
import {
  type Activation,
  SETTLER,
  PromiseInfo,
  type ThreadState,
  NO_PROMISE_INFO,
} from '../state/thread-state.ts';

const TIMER = REASON.timer;
const IO = REASON.io;

class Returned {
  constructor(object: object) {
    // A constructor that returns an object: the subclass's private field is put on that object.
    return object;
  }
}

class PrivateSlot extends Returned {
  #link: PromiseInfo;
  constructor(promise: object, link: PromiseInfo) {
    super(promise);
    this.#link = link;
  }
  static of(object: object): PromiseInfo | undefined {
    return #link in object ? object.#link : undefined;
  }
}

/** The link of a promise made since the instrument was there; undefined for anything else. */
export const promiseInfoOf = (object: object): PromiseInfo | undefined => PrivateSlot.of(object);

export interface Settling {
  /** What an activation waited for has come; `atOnce`: directly after the record written last. */
  wake(act: Activation, by: number, via: number, atOnce: boolean): void;
  /** `return promise` has come to its end. */
  returned(act: Activation): void;
  /** A group's result is there; `decider` is the promise whose settling settled it. */
  decided(link: PromiseInfo, decider: PromiseInfo | null): void;
}

/** Begins to watch all promises; the result stops it. A fault of ours is told to `onFault` and never thrown. */
export function installPromiseHooks(
  moment: ThreadState,
  roots: AsyncResources,
  settling: Settling,
  onFault: (error: unknown) => void,
): () => void {
  function init(promise: object, parent: object | undefined): void {
    try {
      const { suspending } = moment;
      if (suspending !== null && parent !== undefined) {
        const part = partOfAwait(suspending, PrivateSlot.of(parent));
        if (part !== null) {
          new PrivateSlot(promise, part);
          return;
        }
        moment.suspending = null;
      }
      const { current } = moment;
      const creator = current !== null ? current.id : moment.creator;
      if (parent === undefined) {
        const link = new PromiseInfo(null, creator);
        new PrivateSlot(promise, link);
        moment.newestPromise = link;
        return;
      }
      const from = PrivateSlot.of(parent) ?? null;
      const { adopting } = moment;
      if (adopting !== null) {
        moment.adopting = null;
        adopting.from = from;
      }
      new PrivateSlot(promise, new PromiseInfo(from, creator));
    } catch (error) {
      onFault(error);
    }
  }

  /**
   * V8 makes one or two promises for an `await` and tells of them directly after `suspend`: of what is no promise
   * a wrapper (its parent is the function's own promise), of which only a thenable's is settled by somebody; then one that
   * nobody sees, reacting to the operand or the wrapper. Null: it is neither.
   */
  function partOfAwait(act: Activation, parent: PromiseInfo | undefined): PromiseInfo | null {
    const { waitPromise: waitLink } = act;
    if (waitLink === null) {
      // The thenable's `then` runs in a microtask of this promise: it is the waiter's code.
      const wrapper = new PromiseInfo(null, act.id);
      wrapper.waiter = act;
      act.waitPromise = wrapper;
      return wrapper;
    }
    if (parent === waitLink) {
      moment.suspending = null;
      return NO_PROMISE_INFO;
    }
    return waitLink === NO_PROMISE_INFO ? NO_PROMISE_INFO : null;
  }

  function before(promise: object): void {
    try {
      const link = PrivateSlot.of(promise);
      moment.newestPromise = null;
      moment.lastExited = null;
      if (link === undefined || link === NO_PROMISE_INFO) return;
      const { from } = link;
      moment.creator = link.creator;
      if (from === null) {
        // The second microtask of a promise: it was resolved with a thenable, whose `then` is about to be called.
        if (link.owner === null) moment.adopting = link;
        return;
      }
      link.from = null;
      moment.causeSettler = from.settler;
      moment.causeResource = from.settlerResource;
      moment.causePromise = from;
    } catch (error) {
      onFault(error);
    }
  }

  function after(): void {
    moment.adopting = null;
    moment.causeSettler = 0;
    moment.causeResource = 0;
    moment.causePromise = null;
    moment.creator = 0;
  }

  function settled(promise: object): void {
    try {
      const link = PrivateSlot.of(promise);
      if (link === undefined || link === NO_PROMISE_INFO) return;
      moment.newestPromise = null;
      link.from = null;
      const { lastExited: exited } = moment;
      if (exited !== null) {
        moment.lastExited = null;
        if (exited.promise !== link) withPrivateSlot(exited, link);
      }
      const atOnce = exited !== null;
      const { owner, waiter, group } = link;
      if (owner !== null) {
        link.settler = owner.id;
        if (owner.returning !== null) settling.returned(owner);
      } else if (moment.current !== null) {
        link.settler = moment.current.id;
        link.settlerResource = moment.current.resource;
      } else if (
        moment.causeSettler > 0 ||
        moment.causeSettler === SETTLER.external ||
        (moment.causeSettler !== 0 && !isWorld(link))
      ) {
        link.settler = moment.causeSettler;
        link.settlerResource = moment.causeResource;
      } else {
        // A promise of a timer's or of I/O says itself through what it is settled.
        const root = isWorld(link) ? link.pooledResource || link.resource : roots.now();
        link.settler = root === 0 ? SETTLER.unknown : SETTLER.external;
        link.settlerResource = root;
      }
      if (group !== null) {
        settling.decided(link, moment.causePromise);
        link.group = null;
      }
      if (waiter !== null) {
        link.waiter = null;
        for (let act: Activation | null = waiter; act !== null;) {
          const next: Activation | null = act.nextWaiter;
          act.nextWaiter = null;
          settling.wake(act, link.settler, link.settlerResource, atOnce);
          act = next;
        }
      }
      if (link.pooledResource !== 0) {
        link.pool!.release(link.pooledResource);
        link.pooledResource = 0;
      }
    } catch (error) {
      onFault(error);
    }
  }

  // The order is that of Node's createHook; all four at once, as one call into V8.
  const stop = promiseHooks.createHook({ init, before, after, settled } as Parameters<
    typeof promiseHooks.createHook
  >[0]);
  return stop as () => void;
}

/** It stands for something that only the world settles. */
function isWorld(link: PromiseInfo): boolean {
  return link.reason === TIMER || link.reason === IO;
}

/** Parameters that are not simple make promises between init and `enter`; at the exit the truth is known. */
function withPrivateSlot(act: Activation, link: PromiseInfo): void {
  if (link.owner !== null) return;
  if (act.promise !== null && act.promise.owner === act) act.promise.owner = null;
  link.owner = act;
  act.promise = link;
}

/** Events from outside the user's code, as resources: one for each name of the types of Node's async resources. */
export class AsyncResources {
  private readonly recorder: Recorder;
  /** By the type of the async resource. */
  private readonly ids = new Map<string, number>();
  private readonly named = new Map<string, number>();

  constructor(recorder: Recorder) {
    this.recorder = recorder;
  }

  /** The resource of what executes now; 0 when that is nothing known (a microtask without a cause, the start). */
  now(): number {
    if (executionAsyncId() <= 1) return 0;
    const resource: unknown = executionAsyncResource();
    const type = typeOf(resource);
    if (type === '') return 0;
    const known = this.ids.get(type);
    if (known !== undefined) return known;
    const name = Object.hasOwn(ASYNC_RESOURCE_NAMES, type) ? ASYNC_RESOURCE_NAMES[type]! : type;
    let id = this.named.get(name);
    if (id === undefined) {
      id = this.recorder.nextId();
      const kind = RESOURCE_KIND[type === 'Timeout' || type === 'Immediate' ? 'timer' : 'io'];
      this.recorder.write(KIND.resourceBegin, kind, 0, id, 0, this.recorder.text(name), 0);
      this.named.set(name, id);
    }
    this.ids.set(type, id);
    return id;
  }
}

/** The constructor's name, read without running anything of the user's; '' for a plain object (a tick). */
function typeOf(resource: unknown): string {
  if (typeof resource !== 'object' || resource === null) return '';
  const prototype: unknown = Object.getPrototypeOf(resource);
  if (typeof prototype !== 'object' || prototype === null || prototype === Object.prototype) return '';
  const descriptor = Object.getOwnPropertyDescriptor(prototype, 'constructor');
  const constructor: unknown = descriptor?.value;
  return typeof constructor === 'function' ? constructor.name : '';
}
