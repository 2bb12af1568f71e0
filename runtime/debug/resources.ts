/** Queues, locks and what else is waited for, by the names that a person gives them. */
import { RESOURCE_KIND, numberSet } from '../trace/format/kinds.ts';
import type { Resource, Trace } from '../trace/model/trace.ts';
import { RequestError } from './request-error.ts';

const SHOWN_KINDS = numberSet(
  RESOURCE_KIND,
  ...(['queue', 'priority-queue', 'lifo-queue', 'lock', 'rlock', 'semaphore', 'pool'] as const),
  ...(['event', 'condition', 'barrier', 'foreign', 'connections', 'stream', 'job-queue'] as const),
);
const QUEUE_KINDS = numberSet(RESOURCE_KIND, 'queue', 'priority-queue', 'lifo-queue');
const MAX_NAMED = 6;

/** Whether a person would look at it: a timer or a promise is told with the wait for it. */
export const isShown = ({ kind, name }: Resource): boolean => SHOWN_KINDS.has(kind) && name !== '';
export const isQueue = ({ kind }: Resource): boolean => QUEUE_KINDS.has(kind);

/**
 * The resource of this name: the one that exists at `t`, else the last one.
 * @throws RequestError with the names that there are
 */
export function resourceNamed(trace: Trace, name: string, t: number): number {
  let found = -1;
  for (const resource of trace.resources) {
    if (resource.name !== name || !isShown(resource)) continue;
    const isThere = resource.beganNs <= t && (resource.endedNs === null || resource.endedNs >= t);
    if (found < 0 || isThere) found = resource.index;
  }
  if (found >= 0) return found;
  const names = [...new Set(trace.resources.filter(isShown).map((resource) => resource.name))];
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} others` : '';
  const listed =
    names.length === 0 ? 'none was recorded' : `there are ${names.slice(0, MAX_NAMED).join(', ')}${more}`;
  throw new RequestError(`there is no queue, lock or pool "${name}"; ${listed}`);
}
