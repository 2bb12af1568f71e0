/** Items of a `map`, cut into what one job takes: in the form that travels the fastest. */
import { type Items, type NumberArray, type EncodedChunk } from '../transport/messages.ts';
import { isShared, sharedArguments } from '../shared/shared-lock.ts';
import { checkItem } from '../transport/cloneable.ts';

/** From so many numbers on they travel as one block of memory, not one by one. */
const MIN_PACKED_NUMBERS = 16;

/** Anything whose items can be taken by their places. */
export type Source = readonly unknown[] | NumberArray | Sliceable;

/** What cuts itself, into items that are opened in the worker. */
export interface Sliceable {
  readonly length: number;
  sliceItems(from: number, to: number, shares: boolean): EncodedChunk;
}

/** ⌈items / 4 workers⌉, as in Python's Pool.map: few messages, and still some evenness when chunks differ. */
export function defaultChunkSize(items: number, workers: number): number {
  return Math.max(1, Math.ceil(items / (4 * workers)));
}

export function isNumberArray(value: unknown): value is NumberArray {
  return (
    ArrayBuffer.isView(value) &&
    !(value instanceof DataView) &&
    !(value instanceof BigInt64Array) &&
    !(value instanceof BigUint64Array)
  );
}

/** @throws TypeError for what has no items. */
export function sourceOf(items: unknown, who: string): readonly unknown[] | NumberArray {
  if (Array.isArray(items) || isNumberArray(items)) return items;
  if (typeof items === 'object' && items !== null && Symbol.iterator in items)
    return [...(items as Iterable<unknown>)];
  if (typeof items === 'string') return [...items];
  throw new TypeError(
    `${who} needs something to iterate over for its items, not ${items === null ? 'null' : typeof items}`,
  );
}

/** Typed arrays over memory of their own are copied once into shared memory, of which all threads then have views. */
export function sharedOnce(source: Source, shares: boolean): Source {
  if (!shares || !isNumberArray(source) || source.buffer instanceof SharedArrayBuffer) return source;
  const { constructor, byteLength, length } = source as Float64Array;
  const copy = new (constructor as Float64ArrayConstructor)(new SharedArrayBuffer(byteLength), 0, length);
  copy.set(source);
  return copy;
}

/** @param first the number of its first item. @throws TypeError naming the first item that cannot be sent. */
export function checkItems(source: Source, who: string, shares: boolean, first = 0): void {
  if (isNumberArray(source) || 'sliceItems' in source) return;
  for (let i = 0; i < source.length; i++) checkItem(source[i], 'item', first + i, who, shares);
}

export function sliceChunk(source: Source, from: number, to: number, shares: boolean): Items {
  if ('sliceItems' in source) return source.sliceItems(from, to, shares);
  if (isNumberArray(source)) return shares ? source.subarray(from, to) : source.slice(from, to);
  const items = from === 0 && to === source.length ? source : source.slice(from, to);
  if (items.length >= MIN_PACKED_NUMBERS && items.every((item) => typeof item === 'number'))
    return new Float64Array(items as number[]);
  if (items.some((item) => Array.isArray(item) && item.some(isShared)))
    return items.map((item) => (Array.isArray(item) ? sharedArguments(item) : item));
  return sharedArguments(items);
}

/** Of a `starmap`: each item becomes an array. @throws TypeError for one that is no list. */
export function argumentLists(
  source: readonly unknown[] | NumberArray,
  who: string,
): readonly (readonly unknown[])[] {
  if (isNumberArray(source)) throw new TypeError(`${who} needs lists of arguments, not numbers`);
  return source.map((list, i) => {
    if (Array.isArray(list)) return list as readonly unknown[];
    if (typeof list === 'object' && list !== null && Symbol.iterator in list)
      return [...(list as Iterable<unknown>)];
    throw new TypeError(
      `${who} needs lists of arguments; item ${i} is ${list === null ? 'null' : typeof list}`,
    );
  });
}
