/**
 * Why a task really waited. A program awaits promises, so most waits are recorded as waits for a
 * "future". What settles the promise tells, often only at the wait's end, that the wait was for a
 * timer, I/O or a signal: for the world outside, and not for another task. Where a task of the
 * program settled the promise, what set that task off in turn is not the reason.
 */
import { ACTIVATION_KIND, numberSet, REASON, RESOURCE_KINDS, type ResourceKind } from '../format/kinds.ts';
import { isPeer } from './peers.ts';
import { resourceOfTarget, type Target } from './state.ts';
import type { Trace } from './trace.ts';

/** Reasons that the wait's end may make more precise. */
const OPEN_REASONS: ReadonlySet<number> = new Set([REASON[''], REASON.future]);
const CALLBACKS = numberSet(
  ACTIVATION_KIND,
  'io-callback',
  'event-callback',
  'tick-callback',
  'promise-callback',
);
const EXTERNAL_KINDS = new Map<ResourceKind, number>(
  (['timer', 'io', 'signal'] as const).map((name) => [name, REASON[name]]),
);

/**
 * @param reason index in REASONS, as recorded.
 * @param waker the task that ended the wait; −1: none recorded, or not over yet.
 * @param target what the wait is for, or what ended it.
 */
export function settledReason(trace: Trace, reason: number, waker: number, target: Target): number {
  if (!OPEN_REASONS.has(reason)) return reason;
  const resource = waker >= 0 ? outsideOf(trace, waker) : -target - 1;
  if (resource < 0) return reason;
  return EXTERNAL_KINDS.get(kindOf(trace, resource)) ?? reason;
}

/**
 * What a wait was for, once it is over: a wait that a timer, I/O or a signal ended was for that,
 * and not for the promise in between.
 */
export function settledTarget(trace: Trace, target: Target, waker: number, cause: Target): Target {
  const awaited = resourceOfTarget(target);
  const isFromPeer = target <= 0 && isPeer(trace, resourceOfTarget(cause));
  if (isFromPeer && BETWEEN.has(kindOf(trace, awaited))) return cause;
  if (saysMore(trace, awaited)) return target;
  if (target === 0 || (target < 0 && cause < 0 && isExternal(trace, cause) && !isExternal(trace, target)))
    return waker < 0 || target === 0 || outsideOf(trace, waker) >= 0 ? cause : target;
  return target;
}

/** What stands between a task and the thread or process whose message it waits for. */
const BETWEEN: ReadonlySet<ResourceKind> = new Set(['', 'promise', 'future', 'event', 'io']);

/** Of groups in groups; in a damaged trace one may be its own member. */
const MAX_GROUP_DEPTH = 2;
const MAX_GROUP_MEMBERS = 100;

/**
 * The object that was asked, or the event, says more than the connection on which it came; so does
 * a group with such a member.
 */
function saysMore(trace: Trace, resource: number, depth = 0): boolean {
  const kind = kindOf(trace, resource);
  if (kind === 'foreign' || kind === 'event') return true;
  if (depth >= MAX_GROUP_DEPTH) return false;
  const members = trace.groups.get(resource)?.members.slice(0, MAX_GROUP_MEMBERS) ?? [];
  return members.some((member) => member < 0 && saysMore(trace, resourceOfTarget(member), depth + 1));
}

/** The timer, I/O or signal whose callback this task is; −1: it is none. */
export function outsideOf(trace: Trace, task: number): number {
  const resource = trace.tasks.resource[task]!;
  const kind = kindOf(trace, resource);
  if (kind === 'timer') return resource;
  return EXTERNAL_KINDS.has(kind) && CALLBACKS.has(trace.tasks.kind[task]!) ? resource : -1;
}

/** A callback that no task of the program registered, as far as is known: the world set it off. */
export function isCallbackFromOutside(trace: Trace, task: number): boolean {
  const { kind, parent } = trace.tasks;
  return CALLBACKS.has(kind[task]!) && parent[task]! < 0;
}

/** The timer whose callback this task is; −1: it is none. */
export function timerOf(trace: Trace, task: number): number {
  const resource = trace.tasks.resource[task]!;
  return resource >= 0 && kindOf(trace, resource) === 'timer' ? resource : -1;
}

const isExternal = (trace: Trace, target: Target): boolean =>
  EXTERNAL_KINDS.has(kindOf(trace, resourceOfTarget(target)));
/** Asked at each wait, and mostly of none: an array is slow to say that it has nothing at -1. */
const kindOf = (trace: Trace, resource: number): ResourceKind =>
  resource < 0 ? '' : (RESOURCE_KINDS[trace.resources[resource]?.kind ?? 0] ?? '');
