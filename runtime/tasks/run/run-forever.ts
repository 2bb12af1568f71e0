/** A run that goes on after its main has ended, until it is told to stop: servers. After asyncio's loop.run_forever and loop.stop. */
import { sleep } from '../time/clock.ts';
import { CancelledError } from '../core/errors.ts';
import { checkBody, currentTask, runAs, type RunOptions } from './run.ts';
import { type Coroutine, Task, type TaskBody } from '../core/task.ts';

/** What a run that goes on for ever waits in; null when there is none. */
let forever: Task | null = null;

/** What it was told to end with. */
let stopped: CancelledError | null = null;

/**
 * Runs `main` and all that it begins until `stop()` is called; then every task is cancelled as at the end of `run`. Meanwhile it keeps Node alive. After
 * asyncio's loop.run_forever.
 * @returns a promise that is done when all has ended. (rejects) with main's error, which ends the run; with TimeoutError at its deadline.
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
  const ended = runAs(
    'runForever',
    function* untilStopped() {
      forever = currentTask();
      stopped = null;
      try {
        yield* new Task(main);
        yield* sleep(Infinity);
      } finally {
        forever = null;
      }
    },
    options,
  );
  return ended.catch((error: unknown) => {
    if (error !== stopped) throw error;
  });
}

/**
 * Ends `runForever`, from wherever it is called. After asyncio's loop.stop. @throws Error when none runs.
 * @example
 * await runForever(() => setImmediate(stop));
 * assert.throws(stop);
 */
export function stop(): void {
  if (forever === null) throw new Error('stop() was called while no runForever() runs');
  stopped ??= new CancelledError('stop() was called');
  forever.cancel(stopped);
}
