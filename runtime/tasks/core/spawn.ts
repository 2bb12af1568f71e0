/** `spawn` makes a task of a function or a coroutine. What can be none is refused at the call. */
import { cancelWhenAborted, checkSignal } from './abort.ts';
import { describeValue } from './describe-value.ts';
import { isAsyncGeneratorFunction, isGenerator } from './generators.ts';
import { checkOptions, checkText } from './options.ts';
import type { AsyncTail } from './task-body.ts';
import { type Coroutine, Task, type TaskBody, type TaskOptions } from './task.ts';

/**
 * Makes a task of a coroutine (`function*`) or an async function. It begins in a later step, never
 * at once. After asyncio.create_task.
 * @throws TypeError at once for anything that cannot be one (a promise runs already: await it), and
 *   for options that there are not.
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
  const task = new Task<T>(body, options);
  if (options?.signal !== undefined) cancelWhenAborted(task, options.signal);
  return task;
}

/** @internal A task that waits for something first, and then is an async function. */
export function spawnTail<T>(body: AsyncTail, name: string, options: TaskOptions | undefined): Task<T> {
  if (options !== undefined) checkTaskOptions('spawn()', options);
  checkText('the name of a task', name);
  const task = new Task<T>(body as unknown as Coroutine<T>, undefined, undefined, name);
  if (options?.signal !== undefined) cancelWhenAborted(task, options.signal);
  return task;
}

/**
 * `spawn` by the name that asyncio gives it.
 * @example
 * await createTask(function* () { yield* sleep(1); return 'done'; }); // → 'done'
 */
export const createTask: typeof spawn = spawn;

/** @throws TypeError for what can be no task. */
export function checkBody(caller: string, body: unknown): void {
  if ((typeof body === 'function' && !isAsyncGeneratorFunction(body)) || isGenerator(body)) return;
  const given =
    body instanceof Promise
      ? 'a promise, which runs already: give the function that makes it'
      : describeValue(body);
  throw new TypeError(
    isAsyncGeneratorFunction(body)
      ? `${caller}() needs a function or a coroutine (function*), not an async generator, which only runs where it is iterated: collect() does that`
      : `${caller}() needs a function or a coroutine, not ${given}`,
  );
}

/** @throws TypeError for options that are none. */
export function checkTaskOptions(owner: string, options: unknown): void {
  checkOptions(owner, options, ['name', 'signal']);
  checkSignal(owner, (options as TaskOptions).signal);
  checkText('the name of a task', (options as TaskOptions).name);
}
