/**
 * What the helpers take as something that ends: a function or a coroutine becomes a task of its own, a future is taken as it is, and a bare promise
 * is foreign: awaited, never cancelled. Everything is looked at before anything begins, so that a refused call leaves nothing running.
 */
import { promiseFutureOf } from './promise-future.ts';
import { Future, isThenable } from './future.ts';
import { describeValue } from './describe-value.ts';
import {
  type Coroutine,
  isAsyncGeneratorFunction,
  isGenerator,
  isGeneratorFunction,
  Task,
  type TaskOptions,
} from './task.ts';
import { bridge, takeSite, traced } from './trace.ts';

/**
 * Something that ends: a coroutine function or an async function without arguments, a coroutine, a task or another future, a promise.
 * After "awaitable" of Python; there a bare function is none.
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

/** Of a list: it is no future, which can be iterated as well, and gives itself for ever. A generator, which may be a coroutine, is refused at the call. */
export interface NotOne {
  readonly onDone?: never;
}

/** As futures, in the order of input. @throws TypeError, before anything begins, for what is no list, or holds what never ends. */
export function futuresOf(who: string, things: Iterable<Awaitable>): Future[] {
  checkList(who, 'what to wait for', things);
  const all = [...things];
  for (const [index, thing] of all.entries()) check(who, thing, ` at index ${index}`);
  if (!traced) return all.map(begin);
  // All of them are made at the same line, and so is the group that they will belong to.
  const site = takeSite();
  return all.map((thing) => {
    bridge.site = site;
    const future = begin(thing);
    bridge.site = site;
    return future;
  });
}

/** @throws TypeError for what is no list, and for one thing alone in place of a list. */
export function checkList(who: string, ofWhat: string, things: unknown): void {
  const isOne = things instanceof Future || isGenerator(things);
  if (!isOne && typeof things === 'object' && things !== null && Symbol.iterator in things) return;
  throw new TypeError(
    `${who}() needs a list of ${ofWhat}, not ${describeSort(things)}${isOne ? `; write ${who}([a, b])` : ''}`,
  );
}

/** As a future. @throws TypeError for what never ends. */
export function futureOf<T>(who: string, thing: Awaitable): Future<T> {
  check(who, thing, '');
  return begin(thing) as Future<T>;
}

/** A task of a function that is called with these arguments, in a step of its own. */
export function taskOf<Args extends readonly unknown[], T>(
  fn: (...args: Args) => unknown,
  args: Args,
  options: TaskOptions = {},
): Task<T> {
  const name = options.name ?? fn.name;
  // A generator's body begins with its first step, so that it may be made at once; it is then known for what it is.
  if (isGeneratorFunction(fn)) return new Task<T>(fn(...args) as Coroutine<T>, { name });
  return new Task<T>((() => fn(...args)) as () => T, { name });
}

/** @throws TypeError for what is no function. */
export function checkFunction(who: string, fn: unknown): void {
  if (typeof fn !== 'function') throw new TypeError(`${who}() needs a function, not ${describeSort(fn)}`);
}

function check(who: string, thing: unknown, where: string): void {
  if (isAsyncGeneratorFunction(thing))
    throw new TypeError(
      `${who}() cannot wait for an async generator${where}, which only runs where it is iterated: collect() does that`,
    );
  if (typeof thing === 'function' || isThenable(thing) || isGenerator(thing)) return;
  throw new TypeError(
    `${who}() waits for functions, coroutines, futures and promises, not for ${describeSort(thing)}${where}`,
  );
}

function begin(thing: Awaitable): Future {
  if (thing instanceof Future) return thing;
  if (typeof thing === 'function') return new Task(thing);
  return isGenerator(thing) ? new Task(thing as Coroutine<unknown>) : promiseFutureOf(thing)!;
}

export function describeSort(value: unknown): string {
  if (value instanceof Future) return value.describe();
  if (isThenable(value)) return 'a promise';
  if (isGenerator(value)) return 'a coroutine';
  if (value === undefined || typeof value === 'function' || typeof value === 'object')
    return describeValue(value);
  return `${typeof value} ${describeValue(value)}`;
}
