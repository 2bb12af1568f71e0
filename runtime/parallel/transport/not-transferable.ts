/**
 * What belongs to the thread that made it: tasks, and what they wait for. Cloned, it would arrive as an object that looks the same and does
 * nothing, so it is refused. What threads share are SharedLock and SharedCounter.
 */
import { Barrier } from '../../sync/barrier.ts';
import { Condition } from '../../sync/condition.ts';
import { Event } from '../../sync/event.ts';
import { PermitPool } from '../../sync/permit-pool.ts';
import { Queue } from '../../sync/queue.ts';
import { Future } from '../../tasks/core/future.ts';

const classes: (abstract new (...args: never[]) => object)[] = [
  Barrier,
  Condition,
  Event,
  Future,
  PermitPool,
  Queue,
];

/** Called by the classes of this folder themselves, which stand above this file. */
export function notTransferable(of: abstract new (...args: never[]) => object): void {
  classes.push(of);
}

export function isNotTransferable(value: object): boolean {
  return classes.some((of) => value instanceof of);
}

export function withArticle(name: string): string {
  return `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;
}
