/**
 * `run` starts a task and sees to it that no task of its is left when that has ended. It sets the
 * scheduler, the clock and the context as its options say, and sets them back at its end.
 */
import { packWait } from '../../recorder/library-bridge.ts';
import { abandonAfter } from '../core/abandon.ts';
import { cancelWhenAborted, checkSignal, type SignalOptions } from '../core/abort.ts';
import { cancellationCausedBy, externalCancellation } from '../core/cancellation.ts';
import { context } from '../core/context.ts';
import { describeValue } from '../core/describe-value.ts';
import { CancelledError, TimeoutError } from '../core/errors.ts';
import { DONE, STATE } from '../core/future-state.ts';
import type { Future } from '../core/future.ts';
import { isGenerator, isGeneratorFunction } from '../core/generators.ts';
import { checkMs, checkOptions, checkSwitch } from '../core/options.ts';
import { type RunScope, scopes } from '../core/run-scope.ts';
import { scheduler } from '../core/runner.ts';
import { checkBody } from '../core/spawn.ts';
import { type Coroutine, Task, type TaskBody } from '../core/task.ts';
import { bridge } from '../core/trace.ts';
import { warnNeverAwaited, warnUnhandled } from '../core/unhandled.ts';
import { type Clock, hostClock, realClock } from '../time/clocks.ts';
import { goVirtual } from '../time/virtual-time.ts';
import { random } from './random.ts';
import { cancelOnInterrupt } from './signals.ts';
import { watchCycles } from './tell-stuck.ts';

/** The clock, the order and the limits of a run. Each may be left out. */
export interface RunOptions extends SignalOptions {
  /**
   * `virtual`: sleeps take no time, and the clock shows what they would have taken. `host`: sleeps
   * take the timers and the date that the program has at that moment; with fake timers (vitest,
   * jest, sinon) they end when those are advanced. Without it sleeps are real, whatever is faked.
   */
  readonly clock?: 'virtual' | 'host';
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
   * second one ends the process at once. When nothing catches the CancelledError that `run` then
   * fails with, the process ends by SIGINT (status 130 in a shell). As asyncio.run does.
   */
  readonly interrupt?: boolean;
  /**
   * How many ms the tasks that are cancelled at the end, or at the deadline, have for their
   * clean-up, in real time. Then they are abandoned with a warning. Without it: as long as it
   * takes.
   */
  readonly grace?: number;
  /**
   * Whether a ring of tasks that wait for each other is looked for whenever a wait begins. `warn`:
   * a warning tells of it at once; `throw`: the wait that closes it fails with DeadlockError.
   * Without it: it is told when the program has nothing left to do.
   */
  readonly deadlock?: 'warn' | 'throw';
}

const OPTIONS = ['clock', 'seed', 'deadline', 'context', 'interrupt', 'grace', 'signal', 'deadlock'];

function checkRunOptions(caller: string, options: RunOptions): void {
  checkOptions(`${caller}()`, options, OPTIONS);
  const { clock: clockName, seed, deadline } = options as Record<keyof RunOptions, unknown>;
  if (clockName !== undefined && clockName !== 'virtual' && clockName !== 'host')
    throw new TypeError(
      `the clock of ${caller}() must be "virtual" or "host", or be left out, not ${describeValue(clockName)}`,
    );
  if (seed !== undefined && !(typeof seed === 'number' && Number.isFinite(seed)))
    throw new TypeError(`the seed of ${caller}() must be a number, not ${describeValue(seed)}`);
  if (deadline !== undefined && !(typeof deadline === 'number' && deadline > 0))
    throw new RangeError(
      `the deadline of ${caller}() must be a number of ms above 0, not ${describeValue(deadline)}`,
    );
  checkSwitch(`the context of ${caller}()`, options.context);
  checkSwitch(`the interrupt of ${caller}()`, options.interrupt);
  if (options.grace !== undefined) checkMs(`the grace of ${caller}()`, options.grace);
  checkSignal(`${caller}()`, options.signal);
  const { deadlock } = options as { deadlock?: unknown };
  if (deadlock !== undefined && deadlock !== 'warn' && deadlock !== 'throw')
    throw new TypeError(
      `the deadlock of ${caller}() must be "warn" or "throw", or be left out, not ${describeValue(deadlock)}`,
    );
}

/** The run that has the thread for itself, for its clock or its order; null: none. */
let exclusive: RunScope | null = null;

/**
 * Runs `main` as a task to its end, then cancels the tasks that are left, the youngest first, and
 * waits for their clean-up. Only what its own code made is its own: runs may be side by side and
 * nested; one with a clock or a seed needs the thread for itself. A task that is left, though no
 * code ever waited for it, read how it ended or cancelled it, gets a warning with the line that
 * made it. After asyncio.run.
 * @returns a promise of main's result. (rejects) with main's own error; with TimeoutError when the
 *   deadline has passed.
 * @throws TypeError for what is no function or coroutine, and for options that there are not; Error
 *   when this run needs the thread for itself and another goes on, or the other way round;
 *   RangeError for a deadline that is no number of ms above 0.
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
  checkRunOptions(caller, options);
  const { deadline, grace, signal } = options;
  const scope = beginScope(caller, options);
  const restoreSettings = applySettings(options, scope, main);
  const task = new Task<T>(main, undefined, scope);
  scope.main = task as Task;
  if (signal !== undefined) cancelWhenAborted(task, signal);
  const removeHandler = options.interrupt === true ? cancelOnInterrupt(task as Task) : null;
  // The task that ends last is the one that ends the run.
  let lastId = task.id;
  const end = untilEnded(task, deadline, grace, async () => {
    removeHandler?.();
    lastId = await cancelLeft(task as Task, grace, (task.flags & STATE) === DONE);
    scopes.end(scope);
    restoreSettings();
    warnUnhandled();
  });
  ends.set(scope, end);
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
  grace: number | undefined,
  cleanUp: () => Promise<void>,
): Promise<T> {
  const timeoutError = new TimeoutError(`the run's deadline of ${deadline} ms has passed`);
  const limit =
    deadline === undefined
      ? null
      : ((task.scope.clock as Clock | null) ?? realClock).sleep(deadline, undefined).onDone(() => {
          task.cancel(externalCancellation(timeoutError));
          if (grace !== undefined) abandonAfter(task as Future, grace);
        });
  try {
    return await task;
  } catch (error) {
    throw error instanceof CancelledError && error.reason === timeoutError ? timeoutError : error;
  } finally {
    limit?.cancel();
    await cleanUp();
  }
}

/** What the callers of the runs wait for. */
const ends = new WeakMap<RunScope, Promise<unknown>>();

/** @throws Error when the run, or another, needs the thread for itself. */
function beginScope(caller: string, options: RunOptions): RunScope {
  const needsThread = options.clock === 'virtual' || options.seed !== undefined;
  const other = exclusive ?? (needsThread ? scopes.oldestRun : null);
  if (other !== null && (needsThread || scopes.known()?.isWithin(other) !== true)) {
    const what = needsThread ? 'with a clock or a seed ' : '';
    throw new Error(
      `${caller}() ${what}was called while ${(other.main as Task).describe()} runs${other === exclusive ? ' on a clock or in an order of its own' : ''}; await that run first`,
    );
  }
  const scope = scopes.begin();
  if (needsThread) exclusive = scope;
  return scope;
}

/** Sets the scheduler, the clock and the context. @returns what sets them back. */
function applySettings(options: RunOptions, scope: RunScope, main: unknown): () => void {
  const isVirtual = options.clock === 'virtual';
  // The virtual clock must know whether an async function waits for a future or for the world.
  const isWithout = !isVirtual && options.context === false;
  if (isWithout) context.setEnabled(false);
  else if (isVirtual || !isCoroutine(main)) context.follow();
  if (options.seed !== undefined) scheduler.setRandom(random(options.seed));
  if (exclusive === scope) scheduler.setDeterministic(true);
  const stopWatching = options.deadlock === undefined ? null : watchCycles(options.deadlock);
  const goReal = isVirtual ? goVirtual(scope) : null;
  if (options.clock === 'host') scope.clock = hostClock;
  return () => {
    if (exclusive === scope) {
      scheduler.setRandom(null);
      scheduler.setDeterministic(false);
      exclusive = null;
    }
    goReal?.();
    stopWatching?.();
    if (isWithout) context.setEnabled(true);
    if (scopes.livingCount === 0 && scopes.runCount === 0) context.stop();
  };
}

/**
 * Cancels the tasks and runs that a run left, the youngest first, and waits for their ends.
 * @returns the id of the task that ended last.
 */
async function cancelLeft(main: Task, grace: number | undefined, warns: boolean): Promise<number> {
  let lastId = main.id;
  for (let isFirst = true; ; isFirst = false) {
    const left = ([...main.scope.tasks] as Task[]).filter((task) => task !== main);
    for (const inner of main.scope.runs) left.push(inner.main as Task);
    if (left.length === 0) return lastId;
    left.sort((a, b) => b.id - a.id);
    if (isFirst && warns) for (const task of left) if (task.isNeverAwaited) warnNeverAwaited(task);
    for (const task of left) {
      task.cancel(cancellationCausedBy(main, 'the run has ended'));
      if (grace !== undefined) abandonAfter(task as Future, grace);
    }
    for (const task of left) {
      if (!task.isDone) lastId = task.id;
      await settled(task);
    }
    // The clean-up of a run inside goes on after its main has ended.
    await Promise.allSettled([...main.scope.runs].map(async (inner) => ends.get(inner)));
  }
}

const isCoroutine = (main: unknown): boolean => isGenerator(main) || isGeneratorFunction(main);

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
  return scopes.allTasks() as Task[];
}
