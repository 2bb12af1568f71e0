/**
 * Replaces a built-in by a function that looks like it: same name, length, properties and source
 * text. Where the user has replaced the built-in already, ours calls theirs. A later replacement of
 * theirs calls ours.
 */
type Callable = (...args: never[]) => unknown;

const originalSources = new WeakMap<object, string>();
let isToStringPatched = false;

/** Gives `replacement` the looks of `original`. */
export function disguiseAs<T extends Callable>(replacement: T, original: Callable): T {
  patchToString();
  originalSources.set(replacement, Function.prototype.toString.call(original));
  const own = Object.getOwnPropertyDescriptors(original) as Record<PropertyKey, PropertyDescriptor>;
  for (const key of Reflect.ownKeys(own)) {
    Object.defineProperty(replacement, key, own[key]!);
  }
  return replacement;
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
  const former = Object.getOwnPropertyDescriptor(host, name);
  const original: unknown = former?.value ?? (host as Record<PropertyKey, unknown>)[name];
  if (
    typeof original !== 'function' ||
    (former !== undefined && former.configurable === false && former.writable === false)
  ) {
    return () => {};
  }
  const ours = disguiseAs(make(original as Callable), original as Callable);
  const attributes = former ?? { writable: true, enumerable: false, configurable: true };
  const { get: _get, set: _set, ...data } = attributes;
  Object.defineProperty(host, name, { writable: true, ...data, value: ours });
  return () => {
    if ((host as Record<PropertyKey, unknown>)[name] !== ours) return;
    if (former === undefined) Reflect.deleteProperty(host, name);
    else Object.defineProperty(host, name, former);
  };
}

/** Makes `Function.prototype.toString` return the original's text for ours, itself included. */
function patchToString(): void {
  if (isToStringPatched) return;
  isToStringPatched = true;
  const native = Function.prototype.toString;
  const toString = {
    toString(this: unknown): string {
      const text = typeof this === 'function' ? originalSources.get(this) : undefined;
      return text ?? (Reflect.apply(native, this, []) as string);
    },
  }.toString;
  originalSources.set(toString, Reflect.apply(native, native, []) as string);
  Object.defineProperty(Function.prototype, 'toString', {
    value: toString,
    writable: true,
    enumerable: false,
    configurable: true,
  });
}
