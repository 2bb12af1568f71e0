/**
 * Where the info of a promise is kept: in a private field of the promise itself. A constructor that
 * returns its argument puts the field there. The field is invisible to `inspect` and `ownKeys`, and
 * works on frozen objects. A WeakMap would cost a hash look-up for each promise.
 *
 * Reading a private field that is missing costs a hundred times one that is there, for V8 does not
 * cache the miss: hence NO_PROMISE_INFO on promises that need no memory.
 */
import { Returned } from './returned.ts';
import type { Activation, PromiseInfo } from './activation.ts';
import type { ResourcePool } from './resource-pool.ts';

class PrivateSlot extends Returned {
  #info: PromiseInfo;
  constructor(promise: object, info: PromiseInfo) {
    super(promise);
    this.#info = info;
  }
  static infoOf(object: object): PromiseInfo | undefined {
    return #info in object ? object.#info : undefined;
  }
}

/** Once per promise: a private field cannot be added twice. */
export function attachPromiseInfo(promise: object, info: PromiseInfo): void {
  new PrivateSlot(promise, info);
}

/** The info of a promise made since the instrument was there; undefined for any other object. */
export function promiseInfoOf(object: object): PromiseInfo | undefined {
  return PrivateSlot.infoOf(object);
}

/** A promise stands for a resource: a wait for the promise is a wait for that, for this reason. */
export function bindResource(info: PromiseInfo, reason: number, resource: number): void {
  info.reason = reason;
  info.resource = resource;
}

/** The same, where several such promises may be awaited at once: the pool tells them apart. */
export function bindPool(info: PromiseInfo, reason: number, pool: ResourcePool): void {
  info.pool = pool;
  bindResource(info, reason, pool.shared);
}

/** What a promise stands for: an activation, a timer, a group; 0 when that is unknown. */
export function targetIdOf(info: PromiseInfo): number {
  return info.owner !== null ? info.owner.id : info.resource;
}

/** The activation is to be woken when the promise is settled. */
export function addWaiter(info: PromiseInfo, activation: Activation): void {
  activation.nextWaiter = info.waiter;
  info.waiter = activation;
}

/** The activation runs again before the promise is settled: it must not be woken later. */
export function removeWaiter(info: PromiseInfo, activation: Activation): void {
  let waiter = info.waiter;
  if (waiter === activation) info.waiter = activation.nextWaiter;
  else {
    while (waiter !== null && waiter.nextWaiter !== activation) waiter = waiter.nextWaiter;
    if (waiter !== null) waiter.nextWaiter = activation.nextWaiter;
  }
  activation.nextWaiter = null;
}
