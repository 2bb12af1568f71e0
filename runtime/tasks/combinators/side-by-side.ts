/**
 * Calls that go on side by side, so many at most, with their results in the order of the values. As
 * many results again may wait for one before them.
 */
import { type Ended, taskOf } from '../core/awaitable.ts';
import { toCancelledError } from '../core/cancellation.ts';
import type { Future } from '../core/future.ts';
import type { Task } from '../core/task.ts';
import { CancellableIterator } from './cancellable-iterator.ts';
import type { Iterated } from './iterated.ts';
import { type LazyCall, noteIterated } from './never-iterated.ts';
import { wait } from './wait.ts';

/** See `map`. */
export async function* mapSideBySide<T, Made>(
  source: Iterated<T>,
  fn: (value: T, index: number) => Made,
  concurrency: number,
  lazyCall: LazyCall,
): AsyncGenerator<Ended<() => Made>, void, undefined> {
  noteIterated(lazyCall);
  const iterator = new CancellableIterator(source);
  /** Those that were begun and not given yet, in the order of the values. */
  const begun: Task<Ended<() => Made>>[] = [];
  let asked: Future<IteratorResult<T, undefined>> | null = null;
  let isOver = false;
  let index = 0;
  try {
    for (;;) {
      const running = begun.filter((task) => !task.isDone);
      const hasRoom = running.length < concurrency && begun.length < 2 * concurrency;
      if (!isOver && asked === null && hasRoom) asked = iterator.next();
      const first = begun[0];
      if (first?.isDone === true) {
        begun.shift();
        yield await first;
      } else if (asked?.isDone === true) {
        const step: IteratorResult<T, undefined> = await asked;
        asked = null;
        if (step.done === true) isOver = true;
        else begun.push(taskOf(fn as (...given: [T, number]) => unknown, [step.value, index++]));
      } else {
        const waitedFor: Future[] = asked === null ? running : [...running, asked];
        if (waitedFor.length === 0) return;
        await wait(waitedFor, { returnWhen: 'first-done' });
      }
    }
  } finally {
    const left = toCancelledError('the loop was left');
    if (asked !== null && !asked.cancel(left)) asked.giveBack(left);
    for (const task of begun.toReversed()) task.cancel(left);
    if (begun.length > 0) await wait(begun);
    for (const task of begun) task.markHandled();
    await iterator.end();
  }
}
