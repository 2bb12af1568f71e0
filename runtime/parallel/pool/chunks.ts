/** The items of a `map`, cut into what one call takes, in the form that travels the fastest. */
import { encodeShared, isShared } from '../shared/shared-arguments.ts';
import { checkItem } from '../transport/cloneable.ts';
import type { EncodedChunk, Items } from '../transport/messages.ts';
import type { NumberArray } from '../transport/number-array.ts';

/** From so many numbers on, they travel as one block of memory, not one by one. */
const MIN_BLOCK_NUMBERS = 16;

/** Items that can be taken by their indices. */
export type Source = readonly unknown[] | NumberArray | Sliceable;

/** Items that encode themselves in slices, which a decoder in the worker makes into items again. */
export interface Sliceable {
  readonly length: number;
  encodeSlice(from: number, to: number, sharesMemory: boolean): EncodedChunk;
}

/**
 * ⌈items / 4 workers⌉, as in Python's Pool.map: few messages, and still some evenness when chunks
 * differ.
 */
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
export function toSource(items: unknown, api: string): readonly unknown[] | NumberArray {
  if (Array.isArray(items) || isNumberArray(items)) return items;
  if (typeof items === 'object' && items !== null && Symbol.iterator in items)
    return [...(items as Iterable<unknown>)];
  if (typeof items === 'string') return [...items];
  throw notIterableError(items, api);
}

export function notIterableError(items: unknown, api: string): TypeError {
  const given = items === null ? 'null' : typeof items;
  return new TypeError(`${api} needs something to iterate over for its items, not ${given}`);
}

/** Copies a typed array into shared memory once, so that all threads have views of the copy. */
export function shareNumbers(source: Source, sharesMemory: boolean): Source {
  if (!sharesMemory || !isNumberArray(source) || source.buffer instanceof SharedArrayBuffer) return source;
  const { constructor, byteLength, length } = source as Float64Array;
  const copy = new (constructor as Float64ArrayConstructor)(new SharedArrayBuffer(byteLength), 0, length);
  copy.set(source);
  return copy;
}

/**
 * @param first the number of the first item, for the message.
 * @throws TypeError naming the first item that cannot be sent.
 */
export function checkItems(source: Source, api: string, sharesMemory: boolean, first = 0): void {
  if (isNumberArray(source) || 'encodeSlice' in source) return;
  for (let i = 0; i < source.length; i++) checkItem(source[i], 'item', first + i, api, sharesMemory);
}

export function sliceChunk(source: Source, from: number, to: number, sharesMemory: boolean): Items {
  if ('encodeSlice' in source) return source.encodeSlice(from, to, sharesMemory);
  if (isNumberArray(source)) return sharesMemory ? source.subarray(from, to) : source.slice(from, to);
  const items = from === 0 && to === source.length ? source : source.slice(from, to);
  if (items.length >= MIN_BLOCK_NUMBERS && items.every((item) => typeof item === 'number'))
    return new Float64Array(items as number[]);
  if (items.some((item) => Array.isArray(item) && item.some(isShared)))
    return items.map((item) => (Array.isArray(item) ? encodeShared(item) : item));
  return encodeShared(items);
}

/** For `starmap`: each item becomes an array. @throws TypeError for an item that is not a list. */
export function toArgumentLists(
  source: readonly unknown[] | NumberArray,
  api: string,
): readonly (readonly unknown[])[] {
  if (isNumberArray(source)) throw new TypeError(`${api} needs lists of arguments, not numbers`);
  return source.map((list, i) => {
    if (Array.isArray(list)) return list as readonly unknown[];
    if (typeof list === 'object' && list !== null && Symbol.iterator in list)
      return [...(list as Iterable<unknown>)];
    throw new TypeError(
      `${api} needs lists of arguments; item ${i} is ${list === null ? 'null' : typeof list}`,
    );
  });
}
