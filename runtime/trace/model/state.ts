/**
 * The states of a task, and what a task waits for as one number. Read by the fold and by every
 * reader.
 */

/**
 * State of a task, and of a span of its row. Fits 3 bits. `paused` is a row's alone: the row would
 * run, but its lane was stopped from outside.
 */
export const State = { unborn: 0, run: 1, ready: 2, wait: 3, ended: 4, paused: 5 } as const;
export type StateNumber = (typeof State)[keyof typeof State];
export const STATE_NAMES = ['unborn', 'run', 'ready', 'wait', 'ended', 'paused'] as const;

/**
 * What a task waits for, as one number: 0 nothing known, n > 0 the task n − 1, n < 0 the resource
 * −n − 1.
 */
export type Target = number;
export const targetTask = (task: number): Target => task + 1;
export const targetResource = (resource: number): Target => -resource - 1;
/** The task that a target means; −1: it means none. */
export const taskOfTarget = (target: Target): number => (target > 0 ? target - 1 : -1);
/** The resource that a target means; −1: it means none. */
export const resourceOfTarget = (target: Target): number => (target < 0 ? -target - 1 : -1);
