/** A queue, a lock or a pool in words: as it was from a moment on, and over all. */
import { RESOURCE_KINDS, type ResourceKind } from '../format/kinds.ts';
import type { Resource, Trace } from '../model/trace.ts';
import { count, duration } from './duration.ts';
import { resourcePart, taskPart } from './names.ts';
import type { Part, Sentence } from './sentence.ts';

/** Its level over time, as the columns keep it. */
export interface LevelHistory {
  readonly count: number;
  time(index: number): number;
  level(index: number): number;
  /** Who moved it; −1: not recorded. */
  by(index: number): number;
}

const PERMIT_KINDS: readonly ResourceKind[] = ['lock', 'rlock', 'semaphore'];
const ITEM_KINDS: readonly ResourceKind[] = ['queue', 'priority-queue', 'lifo-queue'];

/** Whether its level counts permits that are left, not things that are in it. */
export const hasPermits = ({ kind }: Resource): boolean => PERMIT_KINDS.includes(RESOURCE_KINDS[kind]!);

/** @param index of the move from which on it is told; −1: as a whole. */
export function describeResource(
  trace: Trace,
  resource: number,
  moves: LevelHistory | null,
  index: number,
): Sentence[] {
  const it = trace.resources[resource]!;
  const whole = describeWhole(trace, it);
  return moves === null || index < 0 || index >= moves.count
    ? [whole]
    : [describeMoment(trace, it, moves, index), whole];
}

function describeMoment(trace: Trace, it: Resource, moves: LevelHistory, index: number): Sentence {
  const level = moves.level(index);
  const before = index > 0 ? moves.level(index - 1) : hasPermits(it) ? (it.capacity ?? 0) : 0;
  const by = moves.by(index);
  const who: Part = by < 0 ? 'somebody' : taskPart(trace, trace.rowOf(by));
  const untilNs = index + 1 < moves.count ? moves.time(index + 1) : trace.endNs;
  const words: Part[] = [
    `From ${duration(moves.time(index))} on, for ${duration(untilNs - moves.time(index))}, `,
  ];
  const name = resourcePart(trace, it.index);
  if (hasPermits(it) && it.capacity === 1)
    return level === 0
      ? [...words, name, ' was held by ', who, '.']
      : [...words, name, ' was free: ', who, ' had released it.'];
  if (hasPermits(it))
    return [
      ...words,
      `${level} of ${count(it.capacity ?? level, 'permit')} of `,
      name,
      ' were left: ',
      who,
      level < before ? ' had taken one.' : ' had given one back.',
    ];
  if (ITEM_KINDS.includes(RESOURCE_KINDS[it.kind]!))
    return [
      ...words,
      name,
      ` held ${level}${queueWord(it)}: `,
      who,
      level < before ? ' had taken one out.' : ' had put one in.',
    ];
  return [...words, name, ` had ${count(level, 'job')} under way or in line.`];
}

function describeWhole(trace: Trace, it: Resource): Sentence {
  const name = resourcePart(trace, it.index);
  if (hasPermits(it)) {
    if (it.holder >= 0 && it.capacity === 1)
      return [
        'At the end of what is recorded ',
        name,
        ' is held by ',
        taskPart(trace, trace.rowOf(it.holder)),
        '.',
      ];
    return [
      'At the end of what is recorded ',
      name,
      it.capacity === 1 ? ' is free.' : ` has ${it.level}${queueWord(it)} left.`,
    ];
  }
  if (ITEM_KINDS.includes(RESOURCE_KINDS[it.kind]!))
    return [
      'In all ',
      count(it.puts, 'item'),
      ' went into ',
      name,
      `, ${it.gets} came out; it holds ${it.level}${queueWord(it)}, and never held more than ${it.maxDepth}.`,
    ];
  if (RESOURCE_KINDS[it.kind] === 'pool')
    return [
      'In all ',
      name,
      ` did ${count(it.gets, 'job')} of ${it.puts}, never more than ${it.maxDepth} under way or in line at once.`,
    ];
  return [name, '.'];
}

const queueWord = ({ capacity }: Resource): string => (capacity === null ? '' : ` of ${capacity}`);
