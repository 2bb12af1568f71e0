/**
 * The built-ins that the instrument uses, taken before the user's program can replace them. Fake
 * timers, a patched `fs` or a frozen clock must not disturb a recording, and a recording must not
 * disturb them. Nothing of the instrument reads these from `globalThis` or a module later.
 */
import fs from 'node:fs';
import path from 'node:path';

const { bind, call } = Function.prototype;
/** A method as a function of its `this`. It looks up nothing when it is called. */
const uncurry = bind.bind(call) as unknown as <T, A extends unknown[], R>(
  method: (this: T, ...args: A) => R,
) => (self: T, ...args: A) => R;

/** A Map with methods of its own, which nobody can replace: `get`, `set`, `clear` and `size`. */
export class SafeMap<K, V> extends Map<K, V> {}
const mapMethods = Object.getOwnPropertyDescriptors(Map.prototype);
const { constructor: _, ...ownMethods } = mapMethods;
Object.defineProperties(SafeMap.prototype, ownMethods);
Object.setPrototypeOf(SafeMap.prototype, null);
Object.freeze(SafeMap.prototype);

/** A WeakRef whose `deref` nobody can replace. */
export class SafeRef<T extends WeakKey> extends WeakRef<T> {}
Object.defineProperty(SafeRef.prototype, 'deref', { value: WeakRef.prototype.deref });
Object.setPrototypeOf(SafeRef.prototype, null);
Object.freeze(SafeRef.prototype);

export const builtIns = {
  now: process.hrtime.bigint,
  wallMs: Date.now,
  performanceNow: performance.now.bind(performance),
  load: Atomics.load,
  store: Atomics.store,
  add: Atomics.add,
  compareExchange: Atomics.compareExchange,
  wait: Atomics.wait,
  notify: Atomics.notify,
  openSync: fs.openSync,
  closeSync: fs.closeSync,
  readSync: fs.readSync,
  writeSync: fs.writeSync,
  unlinkSync: fs.unlinkSync,
  readdirSync: fs.readdirSync,
  statSync: fs.statSync,
  join: path.join,
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setImmediate: globalThis.setImmediate,
  queueMicrotask: globalThis.queueMicrotask,
  apply: Reflect.apply,
  defineProperty: Reflect.defineProperty,
  getOwnPropertyDescriptor: Reflect.getOwnPropertyDescriptor,
  getPrototypeOf: Reflect.getPrototypeOf,
  ownKeys: Reflect.ownKeys,
  hasOwn: Object.hasOwn,
  isArray: Array.isArray,
  parseJson: JSON.parse,
  max: Math.max,
  min: Math.min,
  ceil: Math.ceil,
  floor: Math.floor,
  clz32: Math.clz32,
  imul: Math.imul,
  textOf: uncurry(Function.prototype.toString),
  slice: uncurry(String.prototype.slice),
  indexOf: uncurry(String.prototype.indexOf) as (text: string, part: string) => number,
  charCodeAt: uncurry(String.prototype.charCodeAt),
  then: uncurry(Promise.prototype.then) as (
    promise: Promise<unknown>,
    onDone: (value: unknown) => void,
    onFailed: (error: unknown) => void,
  ) => Promise<unknown>,
  matches: uncurry(RegExp.prototype.exec),
  fillBytes: uncurry(Uint8Array.prototype.fill) as (
    bytes: Uint8Array,
    value: number,
    from?: number,
    to?: number,
  ) => unknown,
  subarray: uncurry(Uint8Array.prototype.subarray) as (
    bytes: Uint8Array,
    from: number,
    to: number,
  ) => Uint8Array,
  copyBytes: uncurry(Uint8Array.prototype.set) as unknown as (
    target: Uint8Array | Int32Array,
    source: Uint8Array | Int32Array,
    at?: number,
  ) => void,
  getFromMap: uncurry(Map.prototype.get) as (map: Map<unknown, unknown>, key: unknown) => unknown,
  getWeak: uncurry(WeakMap.prototype.get) as <K extends object, V>(
    map: WeakMap<K, V>,
    key: K,
  ) => V | undefined,
  setWeak: uncurry(WeakMap.prototype.set) as <K extends object, V>(
    map: WeakMap<K, V>,
    key: K,
    value: V,
  ) => unknown,
  encodeInto: uncurry(TextEncoder.prototype.encodeInto),
} as const;
