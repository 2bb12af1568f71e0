/** The functions that a pool was called with, each with the number by which its workers know it. */
import {
  type AnyFunction,
  type FunctionReference,
  referenceFunction,
} from '../functions/function-reference.ts';
import { RunningAverage } from './running-average.ts';

export interface PooledFunction {
  readonly number: number;
  /** The function itself, or the first one of its text. */
  readonly fn: AnyFunction;
  readonly reference: FunctionReference;
  /** Its name in messages and in the trace. */
  readonly label: string;
  /** Makes its items in the worker, where they come encoded. */
  readonly decoder: FunctionReference | null;
  /** Of single calls of it. */
  readonly average: RunningAverage;
}

export class FunctionTable {
  readonly #functions = new WeakMap<AnyFunction, PooledFunction>();
  /** Many functions of one text have one reference. */
  readonly #byReference = new WeakMap<FunctionReference, PooledFunction>();
  #lastNumber = 0;

  /** @throws TypeError for a function that cannot run elsewhere. */
  add(fn: AnyFunction, api: string, decoder: FunctionReference | null): PooledFunction {
    const known = this.#functions.get(fn);
    if (known !== undefined && known.decoder === decoder) return known;
    const reference = referenceFunction(fn, api);
    const same = this.#byReference.get(reference);
    if (same !== undefined && same.decoder === decoder) {
      this.#functions.set(fn, same);
      return same;
    }
    const added: PooledFunction = {
      number: ++this.#lastNumber,
      fn,
      reference,
      label: fn.name || 'a function',
      decoder,
      average: new RunningAverage(),
    };
    this.#functions.set(fn, added);
    this.#byReference.set(reference, added);
    return added;
  }
}
