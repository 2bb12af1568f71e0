/**
 * The library's one front door: what a program imports from `simul`. Sorted by folder; every name that goes out here has a docstring.
 * Reading traces is `simul/trace` (launch/index.ts).
 */
export { sleep } from './tasks/clock.ts';
export { CancelledError, InvalidStateError, TimeoutError } from './tasks/errors.ts';
export { Future } from './tasks/future.ts';
export { random } from './tasks/random.ts';
export { allTasks, currentTask, run, type RunOptions, spawn } from './tasks/run.ts';
export { type Coroutine, Task, type TaskBody, type TaskOptions, type Yielded } from './tasks/task.ts';
