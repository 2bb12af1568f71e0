/**
 * `run` starts the first task of a thread and sees to it that no task is left when that has ended.
 * A thread has one run at a time, as in asyncio. It sets the scheduler, the clock and the context
 * as its options say, and sets them back at its end.
 */
import { packWait } from '../../recorder/library-bridge.ts';
import { cancellationCausedBy, externalCancellation } from '../core/cancellation.ts';
import { context } from '../core/context.ts';
import { describeValue } from '../core/describe-value.ts';
import { CancelledError, TimeoutError } from '../core/errors.ts';
import { DONE, STATE } from '../core/future-state.ts';
import type { Future } from '../core/future.ts';
import { checkOptions, checkSwitch } from '../core/options.ts';
import { scheduler } from '../core/runner.ts';
import { checkBody } from '../core/spawn.ts';
import { type Coroutine, livingTasks, Task, type TaskBody } from '../core/task.ts';
import { bridge } from '../core/trace.ts';
import { warnNeverAwaited, warnUnhandled } from '../core/unhandled.ts';
import { clock } from '../time/clock.ts';
import { goVirtual } from '../time/virtual-time.ts';
import { random } from './random.ts';
import { cancelOnInterrupt } from './signals.ts';

/** The clock, the order and the limits of a run. Each may be left out. */
export interface RunOptions {
  /** `virtual`: sleeps take no time, and the clock shows what they would have taken. */
  readonly clock?: 'virtual';
  /** Draws the next step from those that are ready: the same number gives the same order. */
  readonly seed?: number;
  /**
   * In ms from now, on the run's clock: then main is cancelled, and the run fails with
   * TimeoutError. For a part of a run: `timeout`.
   */
  readonly deadline?: number;
  /**
   * Whether an async function is known behind an `await` of something that is not of this library:
   * there too it can then be cancelled and ask for its task. Without it: true. Before Node 24 it
   * slows down every promise of the thread. Coroutines do not need it. The virtual clock does, and
   * has it in any case.
   */
  readonly context?: boolean;
  /**
   * The first SIGINT (Ctrl+C) cancels main with the reason 'SIGINT', so that clean-up runs; a
   * second one ends the process. As asyncio.run does.
   */
  readonly interrupt?: boolean;
}

function checkRunOptions(caller: string, options: RunOptions): void {
  checkOptions(`${caller}()`, options, ['clock', 'seed', 'deadline', 'context', 'interrupt']);
  const { clock: clockName, seed, deadline } = options as Record<keyof RunOptions, unknown>;
  if (clockName !== undefined && clockName !== 'virtual')
    throw new TypeError(
      `the clock of ${caller}() must be "virtual", or be left out, not ${describeValue(clockName)}`,
    );
  if (seed !== undefined && !(typeof seed === 'number' && Number.isFinite(seed)))
    throw new TypeError(`the seed of ${caller}() must be a number, not ${describeValue(seed)}`);
  if (deadline !== undefined && !(typeof deadline === 'number' && deadline > 0))
    throw new RangeError(
      `the deadline of ${caller}() must be a number of ms above 0, not ${describeValue(deadline)}`,
    );
  checkSwitch(`the context of ${caller}()`, options.context);
  checkSwitch(`the interrupt of ${caller}()`, options.interrupt);
}

/** The main task of this thread's run. */
let running: Task | null = null;

/**
 * Runs `main` as a task to its end, then cancels the tasks that are left, the youngest first, and
 * waits for their clean-up. A task that is left, though no code ever waited for it, read how it
 * ended or cancelled it, gets a warning with the line that made it. After asyncio.run.
 * @returns a promise of main's result. (rejects) with main's own error; with TimeoutError when the
 *   deadline has passed.
 * @throws TypeError for what is no function or coroutine, and for options that there are not; Error
 *   when this thread has a run already; RangeError for a deadline that is no number of ms above 0.
 * @example
 * await run(function* main() { yield* sleep(5); return 42; }); // → 42
 * await run(async function main() { await sleep(5); return 42; }); // → 42
 */
export function run<T>(main: (() => Coroutine<T>) | Coroutine<T>, options?: RunOptions): Promise<T>;
export function run<T>(main: () => PromiseLike<T> | T, options?: RunOptions): Promise<T>;
export function run<T>(main: TaskBody<T> | Coroutine<T>, options?: RunOptions): Promise<T> {
  return startRun('run', main, options);
}

/** @internal `run` under the name of the function that the user called. */
export function startRun<T>(
  caller: string,
  main: TaskBody<T> | Coroutine<T>,
  options: RunOptions = {},
): Promise<T> {
  checkBody(caller, main);
  if (running !== null)
    throw new Error(
      `${caller}() was called while ${running.describe()} runs; make a task of it with spawn()`,
    );
  checkRunOptions(caller, options);
  const { deadline } = options;
  const livingBefore = new Set(livingTasks);
  const restoreSettings = applySettings(options);
  const task = new Task<T>(main);
  running = task as Task;
  const removeHandler = options.interrupt === true ? cancelOnInterrupt(task as Task) : null;
  // The task that ends last is the one that ends the run.
  let lastId = task.id;
  const end = untilEnded(task, deadline, async () => {
    removeHandler?.();
    lastId = await cancelLeft(task as Task, livingBefore, (task.flags & STATE) === DONE);
    running = null;
    restoreSettings();
    warnUnhandled();
  });
  // Also untraced, so that the run ends at the same moment, traced or not.
  const ended = new Promise<T>((resolve, reject) => {
    const settleAsLast = (settle: () => void): void => {
      bridge.setCause(lastId, 0);
      settle();
      bridge.setCause(0, 0);
    };
    end.then(
      (value) => settleAsLast(() => resolve(value)),
      (error: unknown) => settleAsLast(() => reject(error as Error)),
    );
  });
  bridge.bindPromise(ended, packWait(task.waitReason(), task.waitTarget()));
  return ended;
}

async function untilEnded<T>(
  task: Task<T>,
  deadline: number | undefined,
  cleanUp: () => Promise<void>,
): Promise<T> {
  const timeoutError = new TimeoutError(`the run's deadline of ${deadline} ms has passed`);
  const limit =
    deadline === undefined
      ? null
      : clock.sleep(deadline, undefined).onDone(() => task.cancel(externalCancellation(timeoutError)));
  try {
    return await task;
  } catch (error) {
    throw error instanceof CancelledError && error.reason === timeoutError ? timeoutError : error;
  } finally {
    limit?.cancel();
    await cleanUp();
  }
}

/** Sets the scheduler, the clock and the context. @returns what sets them back. */
function applySettings(options: RunOptions): () => void {
  const isVirtual = options.clock === 'virtual';
  // The virtual clock must know whether an async function waits for a future or for the world.
  context.setEnabled(isVirtual || options.context !== false);
  if (options.seed !== undefined) scheduler.setRandom(random(options.seed));
  scheduler.setDeterministic(isVirtual || options.seed !== undefined);
  const goReal = isVirtual ? goVirtual() : null;
  return () => {
    scheduler.setRandom(null);
    scheduler.setDeterministic(false);
    goReal?.();
    context.setEnabled(true);
    if (livingTasks.size === 0) context.stop();
  };
}

/**
 * Cancels the tasks that a run left, the youngest first, and waits for their ends.
 * @param but the tasks that lived before the run began.
 * @returns the id of the task that ended last.
 */
async function cancelLeft(main: Task, but: ReadonlySet<Task>, warns: boolean): Promise<number> {
  let lastId = main.id;
  for (let isFirst = true; ; isFirst = false) {
    const left = [...livingTasks].filter((task) => !but.has(task)).reverse();
    if (left.length === 0) return lastId;
    if (isFirst && warns) for (const task of left) if (task.isNeverAwaited) warnNeverAwaited(task);
    for (const task of left) task.cancel(cancellationCausedBy(main, 'the run has ended'));
    for (const task of left) {
      if (!task.isDone) lastId = task.id;
      await settled(task);
    }
  }
}

function settled(future: Future): Promise<void> {
  return new Promise((done) => {
    future.onDone(() => done());
  });
}

/**
 * The task that executes. After asyncio.current_task.
 * @throws Error outside any task; also, in a run with `context: false`, behind an `await` of
 *   something that is not of this library.
 * @example
 * await run(function* main() { return currentTask().name; }); // → 'main'
 */
export function currentTask(): Task {
  const current = scheduler.currentRunner();
  if (current === null) {
    throw new Error(
      'currentTask() was called outside any task, or behind an await of something that is not of this library in a run with context: false',
    );
  }
  return current as Task;
}

/**
 * The tasks of this thread that have not ended, in the order of their creation. After
 * asyncio.all_tasks.
 * @example
 * await run(function* main() { return allTasks().map((task) => task.name); }); // → ['main']
 */
export function allTasks(): Task[] {
  return [...livingTasks];
}
