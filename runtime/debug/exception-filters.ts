/** What the editor lists to stop at: events by their names, and every rule of the findings. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { OUTCOME, RESOURCE_KIND, numberSet } from '../trace/format/kinds.ts';
import { RULES } from '../trace/findings/registry.ts';
import { resourceOfTarget } from '../trace/model/state.ts';
import type { Resource } from '../trace/model/trace.ts';
import type { Replay } from './replay.ts';
import { STEP } from './step-log.ts';

interface EventFilter {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  isOne(replay: Replay, step: number): boolean;
}

const LOCKS = numberSet(RESOURCE_KIND, 'lock', 'rlock');

const resourceOf = ({ trace, log }: Replay, step: number): Resource | undefined =>
  trace.resources[resourceOfTarget(log.target[step]!)];

/** A task of its own, and not a function that it awaits, ended so. */
const endsWith =
  (outcome: number) =>
  (replay: Replay, step: number): boolean => {
    const { log, trace } = replay;
    const task = log.task[step]!;
    return (
      log.kind[step] === STEP.end && trace.tasks.frameOf[task]! < 0 && trace.tasks.outcome[task] === outcome
    );
  };

const EVENT_FILTERS: readonly EventFilter[] = [
  {
    name: 'queue-full',
    label: 'Event: a queue is full',
    description: 'An item was put, and the queue has no room left.',
    isOne: (replay, step) =>
      replay.log.kind[step] === STEP.put && resourceOf(replay, step)?.capacity === replay.log.ref[step],
  },
  {
    name: 'queue-empty',
    label: 'Event: a queue is empty',
    description: 'The last item was taken out of a queue.',
    isOne: ({ log }, step) => log.kind[step] === STEP.get && log.ref[step] === 0,
  },
  {
    name: 'lock-taken',
    label: 'Event: a lock is taken',
    description: 'A task has taken a lock.',
    isOne: (replay, step) =>
      replay.log.kind[step] === STEP.acquire && LOCKS.has(resourceOf(replay, step)?.kind ?? 0),
  },
  {
    name: 'failed',
    label: 'Event: a task fails',
    description: 'A task ended with an error, be it handled or not.',
    isOne: endsWith(OUTCOME.error),
  },
  {
    name: 'cancelled',
    label: 'Event: a task is cancelled',
    description: 'A task ended because it was asked to.',
    isOne: endsWith(OUTCOME.cancelled),
  },
];

const UNSEEN_ERROR = {
  name: 'unseen-error',
  label: 'Event: nobody sees an error',
  description: 'An error was not caught, or a rejection not handled.',
};

/** By name: whether a step is such an event. */
export const KIND_FILTERS: ReadonlyMap<string, EventFilter['isOne']> = new Map(
  EVENT_FILTERS.map(({ name, isOne }) => [name, isOne]),
);

const CONDITION = 'for example: task ~ "consumer" && wait > 50ms';

/** In the order of the editor's list: the events first, which a person ticks one by one. */
export const EXCEPTION_FILTERS: readonly DebugProtocol.ExceptionBreakpointsFilter[] = [
  ...[...EVENT_FILTERS, UNSEEN_ERROR].map(({ name, label, description }) => ({
    filter: name,
    label,
    description,
    default: name === UNSEEN_ERROR.name,
    supportsCondition: true,
    conditionDescription: CONDITION,
  })),
  ...RULES.map(({ name, description }) => ({
    filter: name,
    label: `Finding: ${name}`,
    description,
    default: true,
    supportsCondition: true,
    conditionDescription: CONDITION,
  })),
];
