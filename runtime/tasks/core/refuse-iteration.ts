/**
 * `for await (const item of future)`. Without this the loop would go round once, with the result:
 * futures are iterable for `yield*`. The types do not know of it.
 */

/** @throws TypeError always. */
export function refuseIteration(this: { describe(): string }): never {
  throw new TypeError(
    `${this.describe()} gives one result and cannot be iterated: write \`for (const item of await …)\` for a result that is a list, or iterate the async generator itself`,
  );
}
