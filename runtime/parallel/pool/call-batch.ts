/**
 * The calls that go to a worker in one message. No two of them share an object. Arguments with an
 * object that another call of the message holds are copied, where they are small and plain; else
 * they need another message.
 */
import type { Transferable } from '../transport/node-types.ts';
import type { FunctionReference } from '../functions/function-reference.ts';
import { MessageObjects } from '../transport/message-objects.ts';
import { type Calls, IS_TIMED, type Items, MODE, toBatch } from '../transport/messages.ts';
import { NOT_COPIED, snapshot } from '../transport/snapshot.ts';
import type { Call } from './call.ts';
import { traceContextsOf } from './pool-trace.ts';

/** A message takes no other call from so many bytes on: the worker begins while more are sent. */
const MAX_BYTES = 1 << 17;

export class CallBatch {
  readonly calls: Call[] = [];
  /** What of its only call is moved; null: nothing. */
  transfer: readonly Transferable[] | null = null;
  #bytes = 0;
  readonly #entries: unknown[] = [];
  #areNumbers = true;
  #serial: number;
  /** Functions that the worker knows. */
  readonly #sentFunctions: ReadonlySet<number>;
  #functions: [number, FunctionReference | null, FunctionReference | null][] | null = null;
  readonly #objects = new MessageObjects();
  /** Its first call holds more objects than are looked at. */
  #hasUnknown = false;

  /** @param serial of the call before the first. */
  constructor(serial: number, sentFunctions: ReadonlySet<number>) {
    this.#serial = serial;
    this.#sentFunctions = sentFunctions;
  }

  /** @returns false when the call needs another message; an empty batch takes any call. */
  add(call: Call): boolean {
    const { fn, mode, items, limits } = call;
    const word = limits.timeoutMs === Infinity ? mode : mode + IS_TIMED;
    if (this.#bytes >= MAX_BYTES || this.transfer !== null) return false;
    if (limits.transfer !== null) {
      if (this.calls.length > 0) return false;
      this.transfer = mode === MODE.apply ? limits.transfer : heldTransfer(items, limits.transfer);
    }
    const sent = this.#isolate(mode === MODE.apply, items);
    if (sent === null) return false;
    this.#bytes += call.bytes;
    this.calls.push(call);
    const serial = (this.#serial = (this.#serial + 1) | 0);
    if (mode === MODE.apply) {
      this.#entries.push(serial, fn.number, word, sent.length);
      for (const arg of sent as readonly unknown[]) this.#entries.push(arg);
    } else this.#entries.push(serial, fn.number, word, 1, sent);
    if (!this.#sentFunctions.has(fn.number))
      (this.#functions ??= []).push([fn.number, fn.reference, fn.decoder]);
    return true;
  }

  /** The worker forgets a function that no call of it uses any more. */
  forget(fn: number): void {
    (this.#functions ??= []).push([fn, null, null]);
  }

  toMessage(): Calls {
    return [toBatch(this.#entries, this.#areNumbers), this.#functions, traceContextsOf(this.calls)];
  }

  /** @returns what is sent in the place of the items; null when that must not be this message. */
  #isolate(areArguments: boolean, items: Items): Items | null {
    if (areArguments && !this.#hasObjects(items as readonly unknown[])) return items;
    this.#areNumbers = false;
    if (!this.#hasUnknown && this.#objects.add(items)) return items;
    const copy = snapshot(items);
    if (copy !== NOT_COPIED) return copy as Items;
    this.#hasUnknown = true;
    return this.calls.length === 0 ? items : null;
  }

  #hasObjects(args: readonly unknown[]): boolean {
    for (const arg of args) {
      if (typeof arg === 'number') continue;
      this.#areNumbers = false;
      if (typeof arg === 'object' && arg !== null) return true;
    }
    return false;
  }
}

/** What the items of a chunk hold of what is to be moved: as items, or in lists of arguments. */
function heldTransfer(items: Items, transfer: readonly Transferable[]): Transferable[] {
  const held = new Set<unknown>();
  const hold = (item: unknown): void => void held.add(ArrayBuffer.isView(item) ? item.buffer : item);
  if (ArrayBuffer.isView(items)) hold(items);
  else if (Array.isArray(items))
    for (const item of items as unknown[]) {
      hold(item);
      if (Array.isArray(item)) item.forEach(hold);
    }
  return transfer.filter((item) => held.has(item));
}
