/** A number in memory that threads share. As an argument it becomes the same number in a thread. */
import { describeValue } from '../../tasks/core/describe-value.ts';

/** What crosses to another thread in place of a SharedCounter. */
export interface SharedCounterHandle {
  readonly 'simul:shared': 'counter';
  readonly buffer: SharedArrayBuffer;
}

/**
 * A whole number that threads count up together, exact up to 2⁵³. After multiprocessing.Value.
 *
 * @example
 * const counter = new SharedCounter();
 * const addTen = (shared) => void shared.add(10);
 * const threads = [1, 2].map(() => new Thread(addTen, { args: [counter] }).start());
 * for (const thread of threads) await thread.join();
 * counter.value; // → 20
 */
export class SharedCounter {
  readonly #cell: BigInt64Array;

  /**
   * @param start a whole number.
   * @throws RangeError at once for another number, TypeError for anything else.
   */
  constructor(start = 0, handle?: unknown) {
    const first = toBigInt(start, 'SharedCounter');
    const from = handle as SharedCounterHandle | undefined;
    this.#cell = new BigInt64Array(from?.buffer ?? new SharedArrayBuffer(8));
    if (from === undefined) this.#cell[0] = first;
  }

  /** The number as it is now. */
  get value(): number {
    return Number(Atomics.load(this.#cell, 0));
  }
  set value(value: number) {
    Atomics.store(this.#cell, 0, toBigInt(value, 'the value of a SharedCounter'));
  }

  /** @returns the number after the addition. @throws as the constructor. */
  add(count = 1): number {
    const addend = toBigInt(count, 'counter.add()');
    return Number(Atomics.add(this.#cell, 0, addend) + addend);
  }

  /** @internal */
  toHandle(): SharedCounterHandle {
    return { 'simul:shared': 'counter', buffer: this.#cell.buffer as SharedArrayBuffer };
  }
}

/** @throws RangeError for a number that is not whole, TypeError for anything else. */
function toBigInt(value: number, api: string): bigint {
  if (Number.isSafeInteger(value)) return BigInt(value);
  const ErrorClass = typeof value === 'number' ? RangeError : TypeError;
  throw new ErrorClass(`${api} needs a whole number, not ${describeValue(value)}`);
}
