/**
 * The events of concurrency at which a debugger can stop: the same names in the view of the
 * extension, in the adapter that replays, and in the agent of a program that runs.
 */
export const STOP_EVENTS = ['queue-full', 'queue-empty', 'lock-taken', 'failed', 'cancelled'] as const;
export type StopEvent = (typeof STOP_EVENTS)[number];

export const isStopEvent = (value: unknown): value is StopEvent =>
  STOP_EVENTS.some((event) => event === value);

/**
 * What may happen to a resource for a debugger to stop: its level changes, it is full or empty, it
 * is taken or given back (a live program stops only where it is taken), somebody waits for it.
 */
export const STOP_CHANGES = ['depth', 'full', 'empty', 'holders', 'waiters'] as const;
export type StopChange = (typeof STOP_CHANGES)[number];

/** A resource to stop at: the number by which the process with this pid knows it. */
export interface ResourceStop {
  readonly pid: number;
  readonly id: number;
  readonly change: StopChange;
}

/**
 * The event by which the adapter of a recording tells where its program is to stop, too, if it
 * still runs: the events and resources that have a breakpoint without a condition.
 */
export const LIVE_STOPS_EVENT = 'simulLiveStops';

export interface LiveStops {
  readonly events: readonly StopEvent[];
  readonly resources: readonly ResourceStop[];
}

/** What the agent says of a stop at a resource, in place of an event's name. */
export const RESOURCE_STOP = 'resource';

/** The agent's function that holds the `debugger` statement: a stop in it is one of ours. */
export const STOP_FUNCTION = 'simulStop';

/**
 * The debugger of a process writes into this file of the recording when the main thread goes on:
 * monotonic ns, in decimal.
 */
export const resumeFileOf = (pid: number): string => `resumed-${pid}`;
