/**
 * Tells who reads a property of a prototype, without a frame of ours on any stack: an accessor
 * takes the place of Node's method or value and gives just that. An assignment has the effect that
 * it had.
 */
const { defineProperty, getOwnPropertyDescriptor } = Reflect;

/**
 * @param onTouch never throws. It is called with the object whose method is read, or whose value is
 * assigned
 * @returns what restores the original
 */
export function watchReads(host: object, name: string, onTouch: (self: object) => void): () => void {
  const former = getOwnPropertyDescriptor(host, name);
  if (former?.configurable !== true || former.get !== undefined || former.writable !== true) return () => {};
  const isMethod = typeof former.value === 'function';
  let value: unknown = former.value;
  defineProperty(host, name, {
    configurable: true,
    enumerable: former.enumerable === true,
    get(this: object): unknown {
      if (isMethod && this !== host) onTouch(this);
      return value;
    },
    set(this: object, next: unknown): void {
      if (this === host) {
        value = next;
        return;
      }
      onTouch(this);
      defineProperty(this, name, { value: next, writable: true, enumerable: true, configurable: true });
    },
  });
  return () => {
    defineProperty(host, name, { ...former, value });
  };
}
