/**
 * The arguments of the combinators: things that end. A function or a coroutine becomes a task of
 * its own, a future is taken as it is, and a promise is awaited but never cancelled. All arguments
 * are checked before anything begins, so that a refused call leaves nothing running.
 */
import { describeValue } from './describe-value.ts';
import { Future } from './future.ts';
import { isAsyncGeneratorFunction, isGenerator, isGeneratorFunction } from './generators.ts';
import { promiseFutureOf } from './promise-future.ts';
import { type Coroutine, Task, type TaskOptions } from './task.ts';
import { isThenable } from './thenable.ts';
import { bridge, takeSite, traced } from './trace.ts';

/**
 * Something that ends: a coroutine function or an async function without arguments, a coroutine, a
 * task or another future, a promise. After "awaitable" of Python; there a bare function is none.
 */
export type Awaitable = (() => unknown) | Coroutine<unknown> | PromiseLike<unknown>;

/** What one gives at its end. */
export type Ended<A> = A extends () => infer Made ? EndOf<Made> : EndOf<A>;
type EndOf<Made> = Made extends Generator<infer _Yielded, infer Result, infer _Sent> ? Result : Awaited<Made>;

/** What several give, in the order of input. */
export type AllEnded<Things> = Things extends readonly unknown[]
  ? { -readonly [At in keyof Things]: Ended<Things[At]> }
  : Things extends Iterable<infer A>
    ? Ended<A>[]
    : never;

/**
 * Excludes a single future in the place of a list: futures are iterable, too, and yield themselves
 * for ever. A generator, which may be a coroutine, is refused at the call.
 */
export interface NotFuture {
  readonly onDone?: never;
}

/**
 * As futures, in the order of input.
 * @throws TypeError, before anything begins, for what is no list or holds what never ends.
 */
export function futuresOf(caller: string, things: Iterable<Awaitable>): Future[] {
  checkList(caller, 'what to wait for', things);
  const all = [...things];
  for (const [index, thing] of all.entries()) checkAwaitable(caller, thing, ` at index ${index}`);
  if (!traced) return all.map(begin);
  // All of them are made at one line, and so is the group that they will belong to.
  const site = takeSite();
  return all.map((thing) => {
    bridge.site = site;
    const future = begin(thing);
    bridge.site = site;
    return future;
  });
}

/**
 * @param second what the caller was given in the place of options.
 * @throws TypeError when that is another member: `gather(a, b)`.
 */
export function refuseSecond(caller: string, second: unknown): void {
  if (typeof second !== 'function' && !isThenable(second) && !isGenerator(second)) return;
  throw new TypeError(`${caller}() takes one list, and then options: write ${caller}([a, b])`);
}

/** @throws TypeError for what is no list, and for a single future or coroutine in its place. */
export function checkList(caller: string, members: string, things: unknown): void {
  const isSingle = things instanceof Future || isGenerator(things);
  if (!isSingle && typeof things === 'object' && things !== null && Symbol.iterator in things) return;
  const isMember = isSingle || typeof things === 'function' || isThenable(things) || isAsyncIterable(things);
  throw new TypeError(
    `${caller}() needs a list of ${members}, not ${describeTyped(things)}${isMember ? `; write ${caller}([a, b])` : ''}`,
  );
}

const isAsyncIterable = (thing: unknown): boolean =>
  typeof thing === 'object' && thing !== null && Symbol.asyncIterator in thing;

/** As a future. @throws TypeError for what never ends. */
export function futureOf<T>(caller: string, thing: Awaitable): Future<T> {
  checkAwaitable(caller, thing, '');
  return begin(thing) as Future<T>;
}

/** A task of a function that is called with these arguments, in a step of its own. */
export function taskOf<Args extends readonly unknown[], T>(
  fn: (...args: Args) => unknown,
  args: Args,
  options: TaskOptions = {},
): Task<T> {
  const name = options.name ?? fn.name;
  // A generator's body begins with its first step: it may be made now, and its kind is then known.
  if (isGeneratorFunction(fn)) return new Task<T>(fn(...args) as Coroutine<T>, { name });
  return new Task<T>((() => fn(...args)) as () => T, { name });
}

/** @throws TypeError for what is no function. */
export function checkFunction(caller: string, fn: unknown): void {
  if (typeof fn !== 'function') throw new TypeError(`${caller}() needs a function, not ${describeTyped(fn)}`);
}

/** @param place in the list, for the message: ` at index 2`; `''` outside of one. */
function checkAwaitable(caller: string, thing: unknown, place: string): void {
  if (isAsyncGeneratorFunction(thing))
    throw new TypeError(
      `${caller}() cannot wait for an async generator${place}, which only runs where it is iterated: collect() does that`,
    );
  if (typeof thing === 'function' || isThenable(thing) || isGenerator(thing)) return;
  throw new TypeError(
    `${caller}() waits for functions, coroutines, futures and promises, not for ${describeTyped(thing)}${place}`,
  );
}

function begin(thing: Awaitable): Future {
  if (thing instanceof Future) return thing;
  if (typeof thing === 'function') return new Task(thing);
  return isGenerator(thing) ? new Task(thing as Coroutine<unknown>) : promiseFutureOf(thing)!;
}

/** As `describeValue`, with the type before a primitive and futures by their names. */
export function describeTyped(value: unknown): string {
  if (value instanceof Future) return value.describe();
  if (isThenable(value)) return 'a promise';
  if (isGenerator(value)) return 'a coroutine';
  if (value === undefined || typeof value === 'function' || typeof value === 'object')
    return describeValue(value);
  return `${typeof value} ${describeValue(value)}`;
}
