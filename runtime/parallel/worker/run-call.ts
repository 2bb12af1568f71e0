/** What a job of a pool comes to in the worker: one call, one for each item, or one with the whole chunk. */
import { isThenable } from '../../tasks/core/thenable.ts';
import { spawn } from '../../tasks/core/spawn.ts';
import { isGenerator } from '../../tasks/core/generators.ts';
import type { Loaded } from '../functions/load-function.ts';
import {
  APPLY,
  type Items,
  MAP,
  type Mode,
  type NumberArray,
  type Decoded,
  WHOLE_CHUNK,
} from '../transport/messages.ts';
import { reviveArguments, reviveItems } from '../shared/shared-lock.ts';

/** @returns a promise or coroutine when one of its calls does; else the result, of many calls a Float64Array or an array. */
export function runCall(fn: Loaded, mode: Mode, items: Items, decoder: Loaded | null): unknown {
  if (mode === APPLY) return call(fn, items as readonly unknown[]);
  if (!('packed' in items)) return each(fn, mode === MAP, reviveItems(items));
  const { items: opened, pack } = decoder!(items.packed) as Decoded;
  if (mode !== WHOLE_CHUNK) return each(fn, mode === MAP, opened);
  const result = fn(opened[0]);
  if (pack === undefined) return result;
  return isThenable(result) || isGenerator(result) ? Promise.resolve(whole(result)).then(pack) : pack(result);
}

function call(fn: Loaded, args: readonly unknown[]): unknown {
  return fn(...(ArrayBuffer.isView(args) ? args : reviveArguments(args)));
}

/** One call an item: numbers as long as nothing else comes. */
function each(fn: Loaded, plain: boolean, items: readonly unknown[] | NumberArray): unknown {
  const { length } = items;
  const numbers = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const result = plain ? fn(items[i]) : fn(...(items[i] as unknown[]));
    if (typeof result !== 'number') return eachOf(fn, plain, items, [...numbers.subarray(0, i)], result);
    numbers[i] = result;
  }
  return length > 0 ? numbers : [];
}

function eachOf(
  fn: Loaded,
  plain: boolean,
  items: readonly unknown[] | NumberArray,
  results: unknown[],
  next: unknown,
): unknown {
  for (
    let i = results.length, result = next;
    ;
    result = plain ? fn(items[i]) : fn(...(items[i] as unknown[]))
  ) {
    if (isThenable(result) || isGenerator(result)) return eachLater(fn, plain, items, results, i, result);
    results[i] = result;
    if (++i === items.length) return results;
  }
}

async function eachLater(
  fn: Loaded,
  plain: boolean,
  items: readonly unknown[] | NumberArray,
  results: unknown[],
  from: number,
  first: unknown,
): Promise<unknown[]> {
  results[from] = await whole(first);
  for (let i = from + 1; i < items.length; i++)
    results[i] = await whole(plain ? fn(items[i]) : fn(...(items[i] as unknown[])));
  return results;
}

/** What a function's result comes to: a promise's value, a coroutine's return. */
export function whole(result: unknown): unknown {
  return isGenerator(result) ? spawn(result as never) : result;
}
