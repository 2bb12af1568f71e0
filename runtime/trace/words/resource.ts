/**
 * A queue, a lock or a pool in words: how full it was from a change of its level on, and its
 * totals.
 */
import { RESOURCE_KIND, numberSet } from '../format/kinds.ts';
import { processKnownUntil } from '../model/known-until.ts';
import type { Resource, Trace } from '../model/trace.ts';
import { count, duration } from './duration.ts';
import { describeCountedFrom } from './kept.ts';
import { resourcePart, taskPart } from './parts.ts';
import type { SentencePart, Sentence } from './sentence.ts';

/** A resource's level over time, one index a change, as the columns keep it. */
export interface LevelHistory {
  readonly count: number;
  time(index: number): number;
  level(index: number): number;
  /** The task that changed the level; −1: not recorded. */
  by(index: number): number;
}

const PERMIT_KINDS = numberSet(RESOURCE_KIND, 'lock', 'rlock', 'semaphore');
const QUEUE_KINDS = numberSet(RESOURCE_KIND, 'queue', 'priority-queue', 'lifo-queue');

/** Whether the level counts permits that are left, and not items that are inside. */
export const hasPermits = ({ kind }: Resource): boolean => PERMIT_KINDS.has(kind);

/** @param index the change that a sentence before the totals is about; −1: none. */
export function describeResource(
  trace: Trace,
  resource: number,
  history: LevelHistory | null,
  index: number,
): Sentence[] {
  const info = trace.resources[resource]!;
  const totals = describeTotals(trace, info);
  return history === null || index < 0 || index >= history.count
    ? [totals]
    : [describeLevel(trace, info, history, index), totals];
}

/** Up to when a level is known to have stood: not beyond lost records or its process's end. */
function levelUntilNs(trace: Trace, { process, creator }: Resource, fromNs: number): number {
  const lane = creator < 0 ? -1 : trace.tasks.lane[creator]!;
  const loss = trace.losses.firstAfter(process, lane, fromNs);
  const { untilNs } = processKnownUntil(trace, trace.processes[process]!);
  return Math.max(fromNs, loss === null ? untilNs : Math.min(untilNs, loss.sinceNs));
}

function describeLevel(trace: Trace, resource: Resource, history: LevelHistory, index: number): Sentence {
  const { capacity, kind } = resource;
  const level = history.level(index);
  const initial = hasPermits(resource) ? (capacity ?? 0) : 0;
  const before = index > 0 ? history.level(index - 1) : initial;
  const fromNs = history.time(index);
  const toNs = index + 1 < history.count ? history.time(index + 1) : levelUntilNs(trace, resource, fromNs);
  const when = `From ${duration(fromNs)} on, for ${duration(toNs - fromNs)}, `;
  const name = resourcePart(trace, resource.index);
  const by = history.by(index);
  const task: SentencePart = by < 0 ? 'somebody' : taskPart(trace, trace.rowOf(by));
  if (hasPermits(resource) && capacity === 1)
    return level === 0
      ? [when, name, ' was held by ', task, '.']
      : [when, name, ' was free: ', task, ' had released it.'];
  if (hasPermits(resource)) {
    const left = `${level} of ${count(capacity ?? level, 'permit')} of `;
    const change = level < before ? ' had taken one.' : ' had given one back.';
    return [when, left, name, ' were left: ', task, change];
  }
  if (QUEUE_KINDS.has(kind)) {
    const change = level < before ? ' had taken one out.' : ' had put one in.';
    return [when, name, ` held ${level}${ofCapacity(resource)}: `, task, change];
  }
  if (kind === RESOURCE_KIND.foreign) {
    const waited = level === 0 ? 'nobody' : count(level, 'task');
    return [
      when,
      waited,
      ' waited for ',
      name,
      ': ',
      task,
      level < before ? ' had gone on.' : ' had come last.',
    ];
  }
  return [when, name, ` had ${count(level, 'call')} running or queued.`];
}

function describeTotals(trace: Trace, resource: Resource): Sentence {
  const name = resourcePart(trace, resource.index);
  const { capacity, holder, level, maxDepth, puts, gets } = resource;
  const since = describeCountedFrom(trace, resource.process, resource.beganNs);
  if (hasPermits(resource)) {
    const words: SentencePart[] = ['At the end of what is recorded ', name];
    if (capacity !== 1) return [...words, ` has ${level}${ofCapacity(resource)} left.`];
    if (holder < 0) return [...words, ' is free.'];
    return [...words, ' is held by ', taskPart(trace, trace.rowOf(holder)), '.'];
  }
  if (QUEUE_KINDS.has(resource.kind))
    return [
      `${since === '' ? 'In all ' : capitalized(since)}${count(puts, 'item')} went into `,
      name,
      `, ${gets} came out; it holds ${level}${ofCapacity(resource)}, and never held more than ${maxDepth}.`,
    ];
  if (resource.kind === RESOURCE_KIND.foreign)
    return ['How many tasks wait for ', name, ' is drawn: it is an object of the program, or of a package.'];
  if (resource.kind === RESOURCE_KIND.pool)
    return [
      since === '' ? 'In all ' : capitalized(since),
      name,
      ` did ${gets} of ${count(puts, 'call')}; never more than ${maxDepth} were running or queued at once.`,
    ];
  return [name, '.'];
}

const capitalized = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

const ofCapacity = ({ capacity }: Resource): string => (capacity === null ? '' : ` of ${capacity}`);
