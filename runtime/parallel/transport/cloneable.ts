/**
 * Which values can be sent to a worker, and what in a value cannot. It looks without cloning, which
 * is far cheaper; an object of Node's own that cannot be cloned is only found when it is sent.
 */
import { types } from 'node:util';
import { isShared } from '../shared/shared-arguments.ts';
import { isNotTransferable, withArticle } from './not-transferable.ts';

/** What in a value cannot be cloned. */
interface Uncloneable {
  /** From the value to the part: `.door[0]`. */
  path: string;
  /** What the part is, as a noun with its article. */
  readonly description: string;
  /** `description` says already why it cannot be sent. */
  readonly hasReason?: true;
}

/** How deep in lists a lock or counter that threads share is found in the worker. */
const NOWHERE = -1;
const AS_ARGUMENT = 0;
const IN_ARGUMENT_LIST = 1;

/** @throws TypeError naming the first argument that cannot be sent. */
export function checkArguments(args: readonly unknown[], api: string, sharesMemory: boolean): void {
  for (let i = 0; i < args.length; i++) checkItem(args[i], 'argument', i + 1, api, sharesMemory);
}

/**
 * @param role what the item is to its caller; with `number` it names the item: `argument 1`.
 * @param sharesMemory false between processes.
 * @throws TypeError naming the item when it cannot be sent.
 */
export function checkItem(
  item: unknown,
  role: 'argument' | 'item',
  number: number,
  api: string,
  sharesMemory: boolean,
): void {
  if (typeof item === 'number' || typeof item === 'string') return;
  // An item may be a list of arguments.
  const depth = role === 'item' ? IN_ARGUMENT_LIST : AS_ARGUMENT;
  const part = findUncloneable(item, sharesMemory, depth, null);
  if (part === null) return;
  const reason = part.hasReason ? '' : `, which cannot be sent to ${sharesMemory ? 'a thread' : 'a process'}`;
  throw new TypeError(`${api}: ${role} ${number}${part.path} is ${part.description}${reason}`);
}

/** Whether the value can be cloned, as far as can be seen without trying. */
export function isCloneable(value: unknown): boolean {
  return findUncloneable(value, true, NOWHERE, null) === null;
}

/**
 * @param sharedDepth how many lists deep a lock or counter that threads share may stand.
 * @param seen the objects above the value.
 * @returns null when there is no such part.
 */
function findUncloneable(
  value: unknown,
  sharesMemory: boolean,
  sharedDepth: number,
  seen: Set<object> | null,
): Uncloneable | null {
  switch (typeof value) {
    case 'function':
      return { path: '', description: `a function${value.name === '' ? '' : ` (${value.name})`}` };
    case 'symbol':
      return { path: '', description: 'a symbol' };
    case 'object':
      return value === null || seen?.has(value) === true
        ? null
        : findInObject(value, sharesMemory, sharedDepth, seen);
    default:
      return null;
  }
}

function findInObject(
  value: object,
  sharesMemory: boolean,
  sharedDepth: number,
  seen: Set<object> | null,
): Uncloneable | null {
  if (types.isProxy(value)) return { path: '', description: 'a proxy' };
  const isArray = Array.isArray(value);
  if (!isArray && Object.getPrototypeOf(value) !== Object.prototype) {
    if (ArrayBuffer.isView(value)) return null;
    if (isShared(value)) return checkShared(value.constructor.name, sharesMemory, sharedDepth);
    // A clone of it would be an object with nothing behind it.
    if (isNotTransferable(value))
      return { path: '', description: `${withArticle(value.constructor.name)} of this thread` };
    if (
      types.isPromise(value) ||
      value instanceof WeakMap ||
      value instanceof WeakSet ||
      value instanceof WeakRef
    )
      return { path: '', description: `a ${value.constructor.name}` };
    if (!sharesMemory && value instanceof SharedArrayBuffer)
      return { path: '', description: 'a SharedArrayBuffer, and processes share no memory' };
    if (value instanceof Map || value instanceof Set) {
      const items = value instanceof Map ? [...value.keys(), ...value.values()] : [...value];
      const part = findInObject(items, sharesMemory, NOWHERE, (seen ?? new Set()).add(value));
      return part === null ? null : { ...part, path: ` (an item of the ${value.constructor.name})` };
    }
    if (isPlatformObject(value)) return null;
  }
  // No closures here, and a set only for what holds objects: a map checks each of its items.
  const keys = isArray ? null : Object.keys(value);
  const length = keys === null ? (value as unknown[]).length : keys.length;
  for (let i = 0; i < length; i++) {
    const key = keys === null ? i : keys[i]!;
    const item = (value as Record<string, unknown>)[key];
    if (typeof item !== 'object' && typeof item !== 'function' && typeof item !== 'symbol') continue;
    if (item === null) continue;
    seen ??= new Set();
    seen.add(value);
    const part = findUncloneable(item, sharesMemory, isArray ? sharedDepth - 1 : NOWHERE, seen);
    if (part === null) continue;
    part.path = `${isArray ? `[${key}]` : `.${key}`}${part.path}`;
    return part;
  }
  return null;
}

function checkShared(className: string, sharesMemory: boolean, sharedDepth: number): Uncloneable | null {
  if (!sharesMemory) {
    const description = `a ${className}, which threads share; a process has no part in it`;
    return { path: '', description, hasReason: true };
  }
  if (sharedDepth >= AS_ARGUMENT) return null;
  const description = `a ${className} inside something else; give it as an argument of its own`;
  return { path: '', description, hasReason: true };
}

/**
 * Whether the object is of Node's or JavaScript's own. Such objects know how to be cloned, or
 * sending them fails.
 */
function isPlatformObject(value: object): boolean {
  return Object.prototype.toString.call(value) !== '[object Object]';
}
