/**
 * Replaces a built-in by a function that looks like it: same name, length, properties and source
 * text. Where the user has replaced the built-in already, ours calls theirs. A later replacement of
 * theirs calls ours.
 */
import { builtinTextOf, setTextOf } from './function-text.ts';

type Callable = (...args: never[]) => unknown;

const { apply, defineProperty, deleteProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;

/** What stands below a function of ours. */
const originals = new WeakMap<object, Callable>();
const { get: getOriginal, set: setOriginal } = WeakMap.prototype;

/** The function that ours stands for; any other function itself. */
export function originalOf(fn: Callable): Callable {
  return (apply(getOriginal, originals, [fn]) as Callable | undefined) ?? fn;
}

/** Gives `replacement` the looks of `original`. */
export function disguiseAs<T extends Callable>(replacement: T, original: Callable): T {
  setTextOf(replacement, builtinTextOf(original));
  const keys = ownKeys(original);
  for (let i = 0; i < keys.length; i++) {
    defineProperty(replacement, keys[i]!, getOwnPropertyDescriptor(original, keys[i]!)!);
  }
  return replacement;
}

/** Calls what undoes each of several changes. */
export function undoAll(undo: readonly (() => void)[]): void {
  for (let i = 0; i < undo.length; i++) undo[i]!();
}

/**
 * Puts `make(original)` in the place of a built-in, with the attributes of its property.
 * @returns what restores the original, if ours is still there
 */
export function replaceBuiltin(
  host: object,
  name: PropertyKey,
  make: (original: Callable) => Callable,
): () => void {
  const former = getOwnPropertyDescriptor(host, name);
  const original: unknown = former?.value ?? (host as Record<PropertyKey, unknown>)[name];
  if (
    typeof original !== 'function' ||
    (former !== undefined && former.configurable === false && former.writable === false)
  ) {
    return () => {};
  }
  const ours = disguiseAs(make(original as Callable), original as Callable);
  apply(setOriginal, originals, [ours, original]);
  const attributes = former ?? { writable: true, enumerable: false, configurable: true };
  const { get: _get, set: _set, ...data } = attributes;
  defineProperty(host, name, { writable: true, ...data, value: ours });
  return () => {
    if ((host as Record<PropertyKey, unknown>)[name] !== ours) return;
    if (former === undefined) deleteProperty(host, name);
    else defineProperty(host, name, former);
  };
}
