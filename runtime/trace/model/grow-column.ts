/** Columns of a table are typed arrays, which cannot grow: a bigger one takes their place. */
type Typed = Int32Array | Uint32Array | Uint8Array | Float64Array;

export function growColumn<T extends Typed>(old: T, capacity: number): T {
  const bigger = new (old.constructor as new (n: number) => T)(capacity);
  bigger.set(old as never);
  return bigger;
}
