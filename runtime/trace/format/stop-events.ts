/**
 * The events of concurrency at which a debugger can stop: the same names in the view of the
 * extension, in the adapter that replays, and in the agent of a program that runs.
 */
export const STOP_EVENTS = ['queue-full', 'queue-empty', 'lock-taken', 'failed', 'cancelled'] as const;
export type StopEvent = (typeof STOP_EVENTS)[number];

export const isStopEvent = (value: unknown): value is StopEvent =>
  STOP_EVENTS.some((event) => event === value);

/** The agent's function that holds the `debugger` statement: a stop in it is one of ours. */
export const STOP_FUNCTION = 'simulStop';

/**
 * The debugger of a process writes into this file of the recording when the main thread goes on:
 * monotonic ns, in decimal.
 */
export const resumeFileOf = (pid: number): string => `resumed-${pid}`;
