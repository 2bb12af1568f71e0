/**
 * The objects in one message, of which no two calls may share one: a structured clone keeps the
 * identity of objects within a message. Memory that threads share may be in many calls.
 */
import { types } from 'node:util';

/** Objects, properties and items of a call that are looked at. */
const MAX_PARTS = 256;

export class MessageObjects {
  /** By the call that holds them. */
  readonly #objects = new Map<object, number>();
  #call = 0;
  #partsLeft = 0;

  /**
   * Adds a call's objects.
   * @returns false when a call before it holds one of them, or when that is not known. Then it may
   *   have added some of them.
   */
  add(items: unknown): boolean {
    this.#call++;
    this.#partsLeft = MAX_PARTS;
    return this.#addPart(items);
  }

  #addPart(value: unknown): boolean {
    if (typeof value !== 'object' || value === null || value instanceof SharedArrayBuffer) return true;
    const holder = this.#objects.get(value);
    if (holder !== undefined) return holder === this.#call;
    if (--this.#partsLeft < 0) return false;
    this.#objects.set(value, this.#call);
    if (Array.isArray(value)) return this.#addAll(value.length, value);
    if (ArrayBuffer.isView(value)) return this.#addPart(value.buffer);
    if (types.isMap(value)) return this.#addAll(value.size, value.keys()) && this.#addAll(0, value.values());
    if (types.isSet(value)) return this.#addAll(value.size, value);
    if (types.isAnyArrayBuffer(value) || types.isDate(value) || types.isRegExp(value)) return true;
    // An object of Node's own may hold what cannot be seen here.
    if (Object.prototype.toString.call(value) !== '[object Object]') return false;
    const parts = Object.values(value);
    return this.#addAll(parts.length, parts);
  }

  #addAll(count: number, parts: Iterable<unknown>): boolean {
    if ((this.#partsLeft -= count) < 0) return false;
    for (const part of parts) if (!this.#addPart(part)) return false;
    return true;
  }
}
