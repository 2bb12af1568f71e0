/**
 * The doors into the library's tasks: `spawn` makes one, `run` makes the first and sees to it that nothing is left when it has ended.
 * A thread has one run at a time, as in asyncio.
 */
import { packWait } from '../../recorder/library-bridge.ts';
import { clock } from '../time/clock.ts';
import { context } from '../core/context.ts';
import { CancelledError, TimeoutError } from '../core/errors.ts';
import { DONE, type Future, scheduler, STATE } from '../core/future.ts';
import { checkOptions, checkSwitch, checkText } from '../core/options.ts';
import { random } from './random.ts';
import { describeValue } from '../core/describe-value.ts';
import { cancellationCausedBy, externalCancellation } from '../combinators/composite-future.ts';
import { cancelOnInterrupt } from './signals.ts';
import {
  type Coroutine,
  isAsyncGeneratorFunction,
  isGenerator,
  livingTasks,
  Task,
  type TaskBody,
  type TaskOptions,
} from '../core/task.ts';
import { bridge } from '../core/trace.ts';
import { warnNeverAwaited, warnUnhandled } from '../core/unhandled.ts';
import { goVirtual } from '../time/virtual-time.ts';

/** How a run goes: its clock, its order, its limits. All of it may be left out. */
export interface RunOptions {
  /** `virtual`: sleeps take no time, and the clock shows what they would have taken. */
  readonly clock?: 'virtual';
  /** Draws who goes next among those that are ready: the same number, the same order. */
  readonly seed?: number;
  /** In ms from now, on the run's clock: then main is cancelled, and the run fails with TimeoutError. For a part of a run: `timeout`. */
  readonly deadline?: number;
  /**
   * Whether an async function is known behind an `await` of something that is not of this library: there too it can then be cancelled and ask for
   * its task. true unless said otherwise; it slows every promise of the thread down before Node 24. Coroutines do not need it. The virtual
   * clock does, and has it in any case.
   */
  readonly context?: boolean;
  /** The first SIGINT (Ctrl+C) cancels main with the reason 'SIGINT', so that clean-up runs; a second one ends the process. As asyncio.run does. */
  readonly interrupt?: boolean;
}

/**
 * Makes a task of a coroutine (`function*`) or an async function; it begins in a later step, never at once. After asyncio.create_task.
 * @throws TypeError at once for anything that cannot be one (a promise runs already: await it), and for options that there are not.
 * @example
 * const tea = spawn(function* () { yield* sleep(5); return 'tea'; });
 * const cake = spawn(async () => { await sleep(5); return 'cake'; });
 * `${await tea} and ${await cake}`; // → 'tea and cake'
 */
export function spawn<T>(body: (() => Coroutine<T>) | Coroutine<T>, options?: TaskOptions): Task<T>;
export function spawn<T>(body: () => PromiseLike<T> | T, options?: TaskOptions): Task<T>;
export function spawn<T>(body: TaskBody<T> | Coroutine<T>, options?: TaskOptions): Task<T> {
  checkBody('spawn', body);
  if (options !== undefined) checkTaskOptions('spawn()', options);
  return new Task<T>(body, options);
}

/**
 * `spawn` by the name that asyncio gives it.
 * @example
 * await createTask(function* () { yield* sleep(1); return 'done'; }); // → 'done'
 */
export const createTask: typeof spawn = spawn;

/** @throws TypeError for what can be no task. */
export function checkBody(who: string, body: unknown): void {
  if ((typeof body === 'function' && !isAsyncGeneratorFunction(body)) || isGenerator(body)) return;
  const given =
    body instanceof Promise
      ? 'a promise, which runs already: give the function that makes it'
      : describeValue(body);
  throw new TypeError(
    isAsyncGeneratorFunction(body)
      ? `${who}() needs a function or a coroutine (function*), not an async generator, which only runs where it is iterated: collect() does that`
      : `${who}() needs a function or a coroutine, not ${given}`,
  );
}

/** @throws TypeError for options that are none. */
export function checkTaskOptions(who: string, options: unknown): void {
  checkOptions(who, options, ['name']);
  checkText('the name of a task', (options as TaskOptions).name);
}

function checkRunOptions(who: string, options: RunOptions): void {
  checkOptions(`${who}()`, options, ['clock', 'seed', 'deadline', 'context', 'interrupt']);
  const { clock: given, seed, deadline } = options as Record<keyof RunOptions, unknown>;
  if (given !== undefined && given !== 'virtual')
    throw new TypeError(
      `the clock of ${who}() must be "virtual", or be left out, not ${describeValue(given)}`,
    );
  if (seed !== undefined && !(typeof seed === 'number' && Number.isFinite(seed)))
    throw new TypeError(`the seed of ${who}() must be a number, not ${describeValue(seed)}`);
  if (deadline !== undefined && !(typeof deadline === 'number' && deadline > 0))
    throw new RangeError(
      `the deadline of ${who}() must be a number of ms above 0, not ${describeValue(deadline)}`,
    );
  checkSwitch(`the context of ${who}()`, options.context);
  checkSwitch(`the interrupt of ${who}()`, options.interrupt);
}

let running: Task | null = null;

/**
 * Runs `main` as a task to its end, then cancels what it left behind, the youngest first, and waits for their clean-up. After asyncio.run.
 * A task that is left behind though nobody ever waited for it, looked at it or cancelled it is told of in a warning with the line that made it.
 * @returns a promise of main's result. (rejects) with main's own error; with TimeoutError when the deadline has passed.
 * @throws TypeError for what is no function or coroutine, and for options that there are not; Error when this thread has a run already; RangeError for a deadline that is no number of ms above 0.
 * @example
 * await run(function* main() { yield* sleep(5); return 42; }); // → 42
 * await run(async function main() { await sleep(5); return 42; }); // → 42
 */
export function run<T>(main: (() => Coroutine<T>) | Coroutine<T>, options?: RunOptions): Promise<T>;
export function run<T>(main: () => PromiseLike<T> | T, options?: RunOptions): Promise<T>;
export function run<T>(main: TaskBody<T> | Coroutine<T>, options?: RunOptions): Promise<T> {
  return runAs('run', main, options);
}

/** @internal `run` under the name of another door. */
export function runAs<T>(
  who: string,
  main: TaskBody<T> | Coroutine<T>,
  options: RunOptions = {},
): Promise<T> {
  checkBody(who, main);
  if (running !== null)
    throw new Error(`${who}() was called while ${running.describe()} runs; make a task of it with spawn()`);
  checkRunOptions(who, options);
  const { deadline } = options;
  const before = new Set(livingTasks);
  const setBack = begin(options);
  const task = new Task<T>(main);
  running = task as Task;
  const off = options.interrupt === true ? cancelOnInterrupt(task as Task) : null;
  // The last task to end is the one that ends the run.
  let last = task.id;
  const end = toItsEnd(task, deadline, async () => {
    off?.();
    last = await cancelAll(task as Task, before, (task.flags & STATE) === DONE);
    running = null;
    setBack();
    warnUnhandled();
  });
  // Also untraced: the run is to end at the same moment in either.
  const ended = new Promise<T>((resolve, reject) => {
    const by = (settle: () => void): void => {
      bridge.setCause(last, 0);
      settle();
      bridge.setCause(0, 0);
    };
    end.then(
      (value) => by(() => resolve(value)),
      (error: unknown) => by(() => reject(error as Error)),
    );
  });
  bridge.bindPromise(ended, packWait(task.waitReason(), task.waitTarget()));
  return ended;
}

async function toItsEnd<T>(
  task: Task<T>,
  deadline: number | undefined,
  cleanUp: () => Promise<void>,
): Promise<T> {
  const late = new TimeoutError(`the run's deadline of ${deadline} ms has passed`);
  const limit =
    deadline === undefined
      ? null
      : clock.sleep(deadline, undefined).onDone(() => task.cancel(externalCancellation(late)));
  try {
    return await task;
  } catch (error) {
    throw error instanceof CancelledError && error.reason === late ? late : error;
  } finally {
    limit?.cancel();
    await cleanUp();
  }
}

/** What the options ask for; the result takes it back. */
function begin(options: RunOptions): () => void {
  const isVirtual = options.clock === 'virtual';
  // Without the context nobody could say whether an async function waits for us or for the world.
  context.isWanted = isVirtual || options.context !== false;
  if (options.seed !== undefined) scheduler.shuffle(random(options.seed));
  scheduler.isDeterministic = isVirtual || options.seed !== undefined;
  const toReal = isVirtual ? goVirtual() : null;
  return () => {
    scheduler.shuffle(null);
    scheduler.isDeterministic = false;
    toReal?.();
    context.isWanted = true;
    if (livingTasks.size === 0) context.off();
  };
}

/** Ends what a run left behind, the youngest first. @returns the id of the last to end. */
async function cancelAll(main: Task, but: ReadonlySet<Task>, tellForgotten: boolean): Promise<number> {
  let last = main.id;
  for (let isFirst = true; ; isFirst = false) {
    const left = [...livingTasks].filter((task) => !but.has(task)).reverse();
    if (left.length === 0) return last;
    if (isFirst && tellForgotten) for (const task of left) if (task.isNeverAwaited) warnNeverAwaited(task);
    for (const task of left) task.cancel(cancellationCausedBy(main, 'the run has ended'));
    for (const task of left) {
      if (!task.isDone) last = task.id;
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
 * @throws Error outside any task; also, in a run with `context: false`, behind an `await` of something that is not of this library.
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
 * The tasks of this thread that have not ended, in the order of their making. After asyncio.all_tasks.
 * @example
 * await run(function* main() { return allTasks().map((task) => task.name); }); // → ['main']
 */
export function allTasks(): Task[] {
  return [...livingTasks];
}
