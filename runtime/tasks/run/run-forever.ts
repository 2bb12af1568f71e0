/**
 * A run that goes on after its main has ended, until `stop()` is called: for servers. After
 * asyncio's loop.run_forever and loop.stop.
 */
import { sleep } from '../time/clock.ts';
import { CancelledError } from '../core/errors.ts';
import { checkBody } from '../core/spawn.ts';
import { type Coroutine, Task, type TaskBody } from '../core/task.ts';
import { currentTask, startRun, type RunOptions } from './run.ts';

/** The main task of the run that goes on until it is stopped; null when there is none. */
let foreverTask: Task | null = null;

/** The cancellation that `stop()` ends it with. */
let stopError: CancelledError | null = null;

/**
 * Runs `main` and all tasks that it begins until `stop()` is called; then every task is cancelled
 * as at the end of `run`. Meanwhile it keeps Node alive. After asyncio's loop.run_forever.
 * @returns a promise that is fulfilled when every task has ended. (rejects) with main's error,
 *   which ends the run; with TimeoutError at its deadline.
 * @throws as `run`, at the call.
 * @example
 * await runForever(function* () {
 *   spawn(function* server() { yield* sleep(10); stop(); });
 * }, { clock: 'virtual' });
 * assert.deepEqual(allTasks(), []);
 */
export function runForever(
  main: TaskBody<unknown> | Coroutine<unknown>,
  options?: RunOptions,
): Promise<void> {
  checkBody('runForever', main);
  const ended = startRun(
    'runForever',
    function* untilStopped() {
      foreverTask = currentTask();
      stopError = null;
      try {
        yield* new Task(main);
        yield* sleep(Infinity);
      } finally {
        foreverTask = null;
      }
    },
    options,
  );
  return ended.catch((error: unknown) => {
    if (error !== stopError) throw error;
  });
}

/**
 * Ends `runForever`, from wherever it is called. After asyncio's loop.stop. @throws Error when none
 * runs.
 * @example
 * await runForever(() => setImmediate(stop));
 * assert.throws(stop);
 */
export function stop(): void {
  if (foreverTask === null) throw new Error('stop() was called while no runForever() runs');
  stopError ??= new CancelledError('stop() was called');
  foreverTask.cancel(stopError);
}
