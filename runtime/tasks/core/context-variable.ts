/** A value that follows code through its tasks. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { describeValue, quoteName } from './describe-value.ts';

/** What a context variable is without a value. */
export interface ContextVariableOptions<T> {
  /** What `get` gives where no value was set. */
  readonly default?: T;
}

/**
 * A variable with a value of its own in each context: code that is called with `run`, and every
 * task, callback and async function that comes of it, sees that value, and nobody else does. After
 * ContextVar of Python; an AsyncLocalStorage does the same.
 * @example
 * const user = new ContextVariable('user', { default: 'nobody' });
 * const greet = () => spawn(async () => { await sleep(1); return `hello, ${user.get()}`; });
 * await gather([user.run('Ada', greet), user.run('Bob', greet), greet()]);
 * // → ['hello, Ada', 'hello, Bob', 'hello, nobody']
 */
export class ContextVariable<T> {
  /** As given. */
  readonly name: string;
  readonly #storage = new AsyncLocalStorage<{ readonly value: T }>();
  readonly #options: ContextVariableOptions<T>;

  /** @throws TypeError at once when the name is no text. */
  constructor(name: string, options: ContextVariableOptions<T> = {}) {
    if (typeof name !== 'string')
      throw new TypeError(`the name of a context variable must be a string, not ${describeValue(name)}`);
    this.name = name;
    this.#options = options;
  }

  /**
   * Its value in this context; else the default.
   * @throws Error where there is neither.
   */
  get(): T {
    const set = this.#storage.getStore();
    if (set !== undefined) return set.value;
    if ('default' in this.#options) return this.#options.default as T;
    throw new Error(`context variable ${quoteName(this.name)} has no value here, and no default`);
  }

  /** Calls `fn`; it and all that comes of it see this value. @returns what it gives. */
  run<R>(value: T, fn: () => R): R {
    return this.#storage.run({ value }, fn);
  }
}
