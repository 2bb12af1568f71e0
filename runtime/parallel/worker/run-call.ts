/**
 * Runs a pool's call in the worker: calls the function once, once for each item, or once with the
 * whole chunk. It catches nothing; the call runner does.
 */
import { isThenable } from '../../tasks/core/thenable.ts';
import { spawn } from '../../tasks/core/spawn.ts';
import { isGenerator } from '../../tasks/core/generators.ts';
import type { LoadedFunction } from '../functions/load-function.ts';
import { decodeShared, decodeSharedItems } from '../shared/shared-arguments.ts';
import { type DecodedChunk, type Items, MODE, type Mode } from '../transport/messages.ts';
import type { NumberArray } from '../transport/number-array.ts';

type ItemList = readonly unknown[] | NumberArray;

/**
 * @param decoder makes the items, where they come encoded.
 * @returns a promise or a coroutine when one of the function's calls returns one; else the result,
 *   of many calls a Float64Array or an array.
 */
export function runCall(
  fn: LoadedFunction,
  mode: Mode,
  items: Items,
  decoder: LoadedFunction | null,
): unknown {
  if (mode === MODE.apply) return applyOnce(fn, items as readonly unknown[]);
  if (!('encoded' in items)) return callEach(fn, mode === MODE.map, decodeSharedItems(items));
  const { items: decoded, encodeResult } = decoder!(items.encoded) as DecodedChunk;
  if (mode !== MODE.wholeChunk) return callEach(fn, mode === MODE.map, decoded);
  const result = fn(decoded[0]);
  if (encodeResult === undefined) return result;
  return isThenable(result) || isGenerator(result)
    ? Promise.resolve(spawnIfCoroutine(result)).then(encodeResult)
    : encodeResult(result);
}

function applyOnce(fn: LoadedFunction, args: readonly unknown[]): unknown {
  return fn(...(ArrayBuffer.isView(args) ? args : decodeShared(args)));
}

/**
 * Calls the function once an item, and keeps the results in a Float64Array while they are numbers.
 * @param isPlain an item is the one argument; else a list of arguments.
 */
function callEach(fn: LoadedFunction, isPlain: boolean, items: ItemList): unknown {
  const { length } = items;
  const numbers = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const result = isPlain ? fn(items[i]) : fn(...(items[i] as unknown[]));
    if (typeof result !== 'number')
      return callEachOther(fn, isPlain, items, [...numbers.subarray(0, i)], result);
    numbers[i] = result;
  }
  return length > 0 ? numbers : [];
}

/** Goes on with an array. @param results so far. @param first the next, which is not a number. */
function callEachOther(
  fn: LoadedFunction,
  isPlain: boolean,
  items: ItemList,
  results: unknown[],
  first: unknown,
): unknown {
  for (
    let i = results.length, result = first;
    ;
    result = isPlain ? fn(items[i]) : fn(...(items[i] as unknown[]))
  ) {
    if (isThenable(result) || isGenerator(result)) return callEachInTurn(fn, isPlain, items, results, result);
    results[i] = result;
    if (++i === items.length) return results;
  }
}

/** Goes on one call after the other. @param first the next result, to be awaited. */
async function callEachInTurn(
  fn: LoadedFunction,
  isPlain: boolean,
  items: ItemList,
  results: unknown[],
  first: unknown,
): Promise<unknown[]> {
  results.push(await spawnIfCoroutine(first));
  for (let i = results.length; i < items.length; i++)
    results.push(await spawnIfCoroutine(isPlain ? fn(items[i]) : fn(...(items[i] as unknown[]))));
  return results;
}

/** A coroutine becomes a task, which can be awaited; any other result stays as it is. */
export function spawnIfCoroutine(result: unknown): unknown {
  return isGenerator(result) ? spawn(result as never) : result;
}
