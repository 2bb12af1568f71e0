/**
 * V8 names a method in a stack by the property that holds the function, which it looks for along
 * the chain of prototypes. Where an accessor of ours took the place of that property, an object
 * between the host and its prototype still has it.
 */
const { defineProperty, getPrototypeOf, setPrototypeOf } = Reflect;

/** @returns what takes the object away, if it is still there */
export function keepFrameName(host: object, name: string, method: unknown): () => void {
  const former = getPrototypeOf(host);
  const holder = { __proto__: former } as Record<string, unknown>;
  // It does not look at hidden properties.
  defineProperty(holder, name, { value: method, enumerable: true, configurable: true });
  setPrototypeOf(host, holder);
  return () => {
    if (getPrototypeOf(host) === holder) setPrototypeOf(host, former);
  };
}
