/**
 * Of a deadlock around one lock: who has it joins a thread, or waits for a task, that needs the
 * lock to come to its end.
 */
import { REASON } from '../format/kinds.ts';
import { resourceOfTarget, taskOfTarget } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { resourcePart, sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import { inFunction } from '../words/wait.ts';
import { ThreadBodies } from './thread-bodies.ts';
import type { Holder } from './wait-cycles.ts';

const MAX_LINKS = 5;

/**
 * "main has lock L (a.py:14 in close) and waits for the end of sweeper at a.py:17; sweeper waits
 * for it at a.py:11: a deadlock." Null: the holder itself waits for the lock.
 */
export function describeJoinedHolder(
  trace: Trace,
  resource: number,
  { row, named, site }: Holder,
  waits: ReadonlyMap<number, Wait>,
): SentencePart[] | null {
  const bodies = new ThreadBodies(trace);
  const lock = resourcePart(trace, resource);
  const words: SentencePart[] = [taskPart(trace, named), ' has ', lock];
  if (site >= 0) words.push(' (', sitePart(trace, site), inFunction(trace, row, site), ')');
  let isJoin = false;
  for (let at = row, i = 0; i < MAX_LINKS; i++) {
    const wait = waits.get(at);
    if (wait === undefined) return null;
    const isLast = resourceOfTarget(wait.target) === resource;
    if (isLast && i === 0) return null;
    const joined = bodies.joinedBy(wait);
    const task = taskOfTarget(wait.target);
    const next = joined >= 0 ? joined : task >= 0 ? trace.rowOf(task) : -1;
    if (!isLast && next < 0) return null;
    isJoin ||= wait.reason === REASON.join;
    words.push(i === 0 ? ' and waits for ' : '; ');
    if (i > 0) words.push(taskPart(trace, at), ' waits for ');
    words.push(
      ...(isLast ? [lock] : [joined >= 0 ? 'the end of ' : '', taskPart(trace, next)]),
      ...(wait.site < 0 ? [] : [' at ', sitePart(trace, wait.site), inFunction(trace, at, wait.site)]),
    );
    if (isLast) {
      words.push(': a deadlock. Give ', lock, isJoin ? ' back before the join.' : ' back before that wait.');
      return words.filter((part) => part !== '');
    }
    at = next;
  }
  return null;
}
