/**
 * Why a task really waited. A program awaits promises, so most waits are recorded as waits for a "future"; what settles the
 * promise tells, often only at the wait's end, that it was a timer, I/O or a signal: the world, and not another task.
 * Where a task of the program settled it, what set that task off in turn is not the reason.
 */
import { REASON, RESOURCE_KINDS, type ResourceKind } from '../format/kinds.ts';
import type { Target } from '../fold/observer.ts';
import type { Trace } from './trace.ts';

const OPEN: ReadonlySet<number> = new Set([REASON[''], REASON.future]);
const EXTERNAL_KINDS = new Map<ResourceKind, number>(
  (['timer', 'io', 'signal'] as const).map((name) => [name, REASON[name]]),
);

/**
 * @param reason index in REASONS, as recorded.
 * @param waker the task that ended the wait; −1: none recorded, or not over yet.
 * @param target what the wait is for, or what ended it.
 */
export function settledReason(trace: Trace, reason: number, waker: number, target: Target): number {
  if (!OPEN.has(reason)) return reason;
  const resource = waker >= 0 ? timerOf(trace, waker) : -target - 1;
  if (resource < 0) return reason;
  return EXTERNAL_KINDS.get(kindOf(trace, resource)) ?? reason;
}

/** What a wait was for, once it is over: what the world ended, was for the world, and not for the promise in between. */
export function settledTarget(trace: Trace, target: Target, waker: number, cause: Target): Target {
  if (target === 0 || (target < 0 && cause < 0 && isExternal(trace, cause) && !isExternal(trace, target)))
    return waker < 0 || target === 0 || timerOf(trace, waker) >= 0 ? cause : target;
  return target;
}

/** The timer of which this task is the callback; −1: it is none. */
export function timerOf(trace: Trace, task: number): number {
  const of = trace.tasks.resource[task]!;
  return of >= 0 && kindOf(trace, of) === 'timer' ? of : -1;
}

const isExternal = (trace: Trace, target: Target): boolean => EXTERNAL_KINDS.has(kindOf(trace, -target - 1));
const kindOf = (trace: Trace, resource: number): ResourceKind =>
  RESOURCE_KINDS[trace.resources[resource]?.kind ?? 0] ?? '';
