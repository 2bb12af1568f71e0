/**
 * Results that are moved out of a worker instead of copied: their memory goes to the caller. The
 * value itself is returned, so that the function can be called anywhere.
 */
import type { Transferable } from './node-types.ts';

const moved = new WeakMap<object, readonly Transferable[]>();
/** Most programs move nothing, and their results are not looked up. */
let isUsed = false;

/**
 * For a result of a function that a pool of threads calls: it is moved to the caller, not copied,
 * and cannot be used in the worker any more. Elsewhere it does nothing; processes copy. After
 * `move` of piscina.
 *
 * @param transfer what in the value is moved; without it the memory of a typed array, or the value.
 * @returns the value.
 * @throws TypeError for a value that is no object, and for memory that threads share.
 * @example
 * const zeros = (length) => move(new Float64Array(length));
 * zeros(3).length; // → 3
 */
export function move<T extends object>(value: T, transfer?: readonly Transferable[]): T {
  if (typeof value !== 'object' || value === null)
    throw new TypeError(`move() needs an object, not ${value === null ? 'null' : typeof value}`);
  const list = transfer ?? [(ArrayBuffer.isView(value) ? value.buffer : value) as Transferable];
  checkTransfer(list, 'move()');
  moved.set(value, list);
  isUsed = true;
  return value;
}

/** @param isList the result is a list of results. @returns null when nothing is moved. */
export function takeMoved(result: unknown, isList: boolean): readonly Transferable[] | null {
  if (!isUsed || typeof result !== 'object' || result === null) return null;
  const own = moved.get(result);
  if (own !== undefined || !isList || !Array.isArray(result)) return own ?? null;
  const all = (result as unknown[]).flatMap((item) => takeMoved(item, false) ?? []);
  return all.length > 0 ? [...new Set(all)] : null;
}

/** @throws TypeError for what is no list of what can be transferred. */
export function checkTransfer(transfer: unknown, api: string): void {
  if (!Array.isArray(transfer))
    throw new TypeError(`${api} needs a list for transfer, not ${typeof transfer}`);
  for (const item of transfer as unknown[]) {
    if (item instanceof SharedArrayBuffer)
      throw new TypeError(`${api} cannot transfer a SharedArrayBuffer: threads share it`);
    if (ArrayBuffer.isView(item))
      throw new TypeError(`${api} transfers the buffer of a ${item.constructor.name}: give its \`buffer\``);
    if (typeof item !== 'object' || item === null)
      throw new TypeError(`${api} cannot transfer ${item === null ? 'null' : `a ${typeof item}`}`);
  }
}

/** Node loses a message with memory that was moved before, and tells nobody. @throws Error then. */
export function checkAttached(transfer: readonly Transferable[]): void {
  for (const item of transfer) {
    if (!(item instanceof ArrayBuffer) || item.byteLength > 0) continue;
    try {
      // Only a view tells, before Node 21.
      new Uint8Array(item);
    } catch (error) {
      throw new Error('an ArrayBuffer was transferred before, and is empty', { cause: error });
    }
  }
}
