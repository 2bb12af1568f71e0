/**
 * The doors into the library's tasks: `spawn` makes one, `run` makes the first and sees to it that nothing is left when it has ended.
 * A thread has one run at a time, as in asyncio.
 */
import { clock } from './clock.ts';
import { CancelledError } from './errors.ts';
import { type Future, scheduler } from './future.ts';
import { random } from './random.ts';
import { type Coroutine, isGenerator, livingTasks, Task, type TaskBody, type TaskOptions } from './task.ts';
import { tellUnseen } from './unseen.ts';

export interface RunOptions {
  /** `virtual`: sleeps take no time, and the clock shows what they would have taken. */
  readonly clock?: 'virtual';
  /** Draws who goes next among those that are ready: the same number, the same order. */
  readonly seed?: number;
}

/**
 * Makes a task of a coroutine (`function*`) or an async function; it begins in a later step, never at once. After asyncio.create_task.
 * @throws TypeError at once for anything that cannot be one; a promise runs already: await it.
 */
export function spawn<T>(body: (() => Coroutine<T>) | Coroutine<T>, options?: TaskOptions): Task<T>;
export function spawn<T>(body: () => PromiseLike<T> | T, options?: TaskOptions): Task<T>;
export function spawn<T>(body: TaskBody<T> | Coroutine<T>, options?: TaskOptions): Task<T> {
  if (typeof body !== 'function' && !isGenerator(body)) throw new TypeError(refusal('spawn', body));
  return new Task<T>(body, options);
}

export function refusal(who: string, body: unknown): string {
  const given =
    body instanceof Promise ? 'a promise, which runs already: give the function that makes it' : typeof body;
  return `${who}() needs a function or a coroutine, not ${given}`;
}

let running: Task | null = null;

/**
 * Runs `main` as a task to its end, then cancels what it left behind, the youngest first, and waits for their clean-up. After asyncio.run.
 * @returns a promise of main's result.
 * @throws (rejects) with main's own error; at once with an Error when this thread has a run already.
 */
export function run<T>(main: (() => Coroutine<T>) | Coroutine<T>, options?: RunOptions): Promise<T>;
export function run<T>(main: () => PromiseLike<T> | T, options?: RunOptions): Promise<T>;
export async function run<T>(main: TaskBody<T> | Coroutine<T>, options: RunOptions = {}): Promise<T> {
  if (typeof main !== 'function' && !isGenerator(main)) throw new TypeError(refusal('run', main));
  if (running !== null)
    throw new Error(`run() was called while ${running.describe()} runs; make a task of it with spawn()`);
  const before = new Set(livingTasks);
  const setBack = options.clock === 'virtual' ? clock.goVirtual() : null;
  if (options.seed !== undefined) scheduler.shuffle(random(options.seed));
  if (setBack !== null) scheduler.onIdle = jumpWhenQuiet;
  const task = new Task<T>(main);
  running = task as Task;
  try {
    return await task;
  } finally {
    await cancelAll(before);
    running = null;
    scheduler.onIdle = null;
    scheduler.shuffle(null);
    setBack?.();
    tellUnseen();
  }
}

/** Once Node's own queues are empty: nothing that is under way in promises can still make somebody ready. */
function jumpWhenQuiet(): void {
  setImmediate(() => {
    if (scheduler.idle && clock.isVirtual) clock.jump();
  });
}

/** Ends what a run left behind, the youngest first. */
async function cancelAll(but: ReadonlySet<Task>): Promise<void> {
  for (;;) {
    const left = [...livingTasks].filter((task) => !but.has(task)).reverse();
    if (left.length === 0) return;
    for (const task of left) task.cancel(new CancelledError('the run has ended'));
    for (const task of left) await settled(task);
  }
}

function settled(future: Future): Promise<void> {
  return new Promise((done) => {
    future.onDone(() => done());
  });
}

/**
 * The task that executes.
 * @throws Error outside any task, and in an async task behind a wait that is none of ours, where it cannot be known.
 */
export function currentTask(): Task {
  const current = scheduler.known();
  if (current === null) {
    throw new Error(
      'currentTask() is called outside any task, or behind an await of something that is not of this library',
    );
  }
  return current as Task;
}

/** The tasks of this thread that have not ended, in the order of their making. */
export function allTasks(): Task[] {
  return [...livingTasks];
}
