/**
 * Locks and counters as arguments: in the parent they become handles, which can be cloned; in the
 * worker the handles become locks and counters over the same memory. Whether a value may be sent
 * at all is checked before, in `transport/cloneable.ts`.
 */
import { SharedCounter, type SharedCounterHandle } from './shared-counter.ts';
import { SharedLock, type SharedLockHandle } from './shared-lock.ts';

type SharedHandle = SharedLockHandle | SharedCounterHandle;

export function isShared(value: unknown): value is SharedLock | SharedCounter {
  return value instanceof SharedLock || value instanceof SharedCounter;
}

/** @returns the arguments with handles for what is shared; the same array when nothing is. */
export function encodeShared(args: readonly unknown[]): readonly unknown[] {
  return args.some(isShared) ? args.map((arg) => (isShared(arg) ? arg.toHandle() : arg)) : args;
}

/** In the worker. @returns the arguments as they were before `encodeShared`. */
export function decodeShared(args: readonly unknown[]): readonly unknown[] {
  return args.some(isHandle) ? args.map((arg) => (isHandle(arg) ? fromHandle(arg) : arg)) : args;
}

/** `decodeShared` for a chunk of items, each of which is one argument or a list of arguments. */
export function decodeSharedItems<N extends ArrayBufferView>(
  items: readonly unknown[] | N,
): readonly unknown[] | N {
  if (ArrayBuffer.isView(items)) return items;
  const decoded = decodeShared(items);
  return decoded.some((item) => Array.isArray(item) && item.some(isHandle))
    ? decoded.map((item) => (Array.isArray(item) ? decodeShared(item) : item))
    : decoded;
}

function isHandle(arg: unknown): arg is SharedHandle {
  return typeof arg === 'object' && arg !== null && 'simul:shared' in arg;
}

function fromHandle(handle: SharedHandle): SharedLock | SharedCounter {
  return handle['simul:shared'] === 'lock' ? new SharedLock({}, handle) : new SharedCounter(0, handle);
}
