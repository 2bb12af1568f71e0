/**
 * What belongs to the thread that made it: tasks, and what tasks wait for. A clone would look the
 * same and do nothing, so such values are refused as arguments. What threads share are SharedLock
 * and SharedCounter.
 */
import { Barrier } from '../../sync/barrier.ts';
import { Condition } from '../../sync/condition.ts';
import { Event } from '../../sync/event.ts';
import { PermitPool } from '../../sync/permit-pool.ts';
import { Queue } from '../../sync/queue.ts';
import { Future } from '../../tasks/core/future.ts';

type AnyClass = abstract new (...args: never[]) => object;

const classes: AnyClass[] = [Barrier, Condition, Event, Future, PermitPool, Queue];

/** Adds a class of this folder that stands above this file: it registers itself. */
export function markNotTransferable(added: AnyClass): void {
  classes.push(added);
}

export function isNotTransferable(value: object): boolean {
  return classes.some((each) => value instanceof each);
}

export function withArticle(name: string): string {
  return `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;
}
