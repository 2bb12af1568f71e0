/**
 * Tells who reads a property of a prototype, without a frame of ours on any stack: an accessor
 * takes the place of Node's method or value and gives just that. An assignment has the effect that
 * it had.
 */
const { defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;

/**
 * @param host has the property, or inherits it
 * @param onTouch never throws. It is called with the object whose method is read, or whose value is
 * assigned
 * @returns what restores the original
 */
export function watchReads(host: object, name: string, onTouch: (self: object) => void): () => void {
  const own = getOwnPropertyDescriptor(host, name);
  const above = getPrototypeOf(host) as Record<string, unknown> | null;
  const former = own ?? inherited(above, name);
  if (former?.configurable !== true || former.get !== undefined || former.writable !== true) return () => {};
  const isMethod = typeof former.value === 'function';
  let isOwn = own !== undefined;
  let value: unknown = own?.value;
  defineProperty(host, name, {
    configurable: true,
    enumerable: former.enumerable === true,
    get(this: object): unknown {
      if (isMethod && this !== host) onTouch(this);
      return isOwn ? value : above?.[name];
    },
    set(this: object, next: unknown): void {
      if (this === host) {
        isOwn = true;
        value = next;
        return;
      }
      onTouch(this);
      defineProperty(this, name, { value: next, writable: true, enumerable: true, configurable: true });
    },
  });
  return () => {
    if (isOwn) defineProperty(host, name, { ...former, value });
    else deleteProperty(host, name);
  };
}

function inherited(above: object | null, name: string): PropertyDescriptor | undefined {
  for (let host = above; host !== null; host = getPrototypeOf(host)) {
    const found = getOwnPropertyDescriptor(host, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
