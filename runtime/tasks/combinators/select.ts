/** The first of several operations that is possible, and only that. */
import { type SignalOptions, untilAborted } from '../core/abort.ts';
import { checkFunction, type Ended, futureOf } from '../core/awaitable.ts';
import { DONE, STATE } from '../core/future-state.ts';
import { Future } from '../core/future.ts';
import { checkOptions } from '../core/options.ts';
import { Race } from './race.ts';

/** Which operation it was, and what it gave. */
export type Selected<Operations extends readonly unknown[]> = {
  [Index in keyof Operations]: {
    /** Its index in the list. */
    readonly index: Index extends `${infer At extends number}` ? At : number;
    readonly value: Operations[Index] extends () => unknown ? Ended<Operations[Index]> : never;
  };
}[number];

/**
 * Begins the operations one after another and takes the first that is done at once: those behind it
 * never begin. When none is, it waits for the first to end and cancels the others. So an item or a
 * permit is taken by the one that is returned and by no other. After `select` of Go, in the order
 * of the list instead of a random one.
 *
 * @param operations functions that begin something and return its future: `() => queue.get()`.
 * @returns a future of `{ index, value }`. (fails) as the operation that ended first does.
 * @throws TypeError at once for what is no list of functions; RangeError for an empty one.
 * @example
 * const orders = new Queue();
 * const stop = new Event();
 * orders.putNow('soup');
 * await select([() => stop.wait(), () => orders.get()]); // → { index: 1, value: 'soup' }
 * stop.set();
 * orders.putNow('tea');
 * (await select([() => stop.wait(), () => orders.get()])).index; // → 0
 * orders.size; // → 1
 */
export function select<const Operations extends readonly (() => unknown)[]>(
  operations: Operations,
  options: SignalOptions = {},
): Future<Selected<Operations>> {
  if (!Array.isArray(operations))
    throw new TypeError('select() needs a list of functions: write select([a, b])');
  if (operations.length === 0) throw new RangeError('select() needs at least one operation');
  for (const operation of operations) checkFunction('select', operation);
  checkOptions('select()', options, ['signal']);
  return untilAborted('select()', options.signal, () => begin(operations)) as Future<Selected<Operations>>;
}

function begin(operations: readonly (() => unknown)[]): Future {
  const begun: Future[] = [];
  const dropAll = (): void => {
    for (const future of begun) future.cancel('another was selected');
  };
  for (const [index, operation] of operations.entries()) {
    let future: Future;
    try {
      future = futureOf('select', operation() as Future);
    } catch (error) {
      dropAll();
      throw error;
    }
    if (!future.isDone) {
      begun.push(future);
      continue;
    }
    dropAll();
    if ((future.flags & STATE) !== DONE) return future;
    return Future.done({ index, value: future.value });
  }
  return new Select(begun);
}

class Select extends Race<unknown> {
  protected override resultOf(winner: Future): unknown {
    return { index: this.members.indexOf(winner), value: winner.value };
  }

  override describe(): string {
    return `select() of ${this.members.length}`;
  }
}
