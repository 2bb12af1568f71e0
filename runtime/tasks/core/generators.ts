/** Tells coroutines, generator functions and async generator functions from everything else. */

const GeneratorFunction: unknown = Object.getPrototypeOf(function* () {}).constructor;

export function isGeneratorFunction(fn: unknown): boolean {
  return typeof fn === 'function' && fn.constructor === GeneratorFunction;
}

const AsyncGeneratorFunction: unknown = Object.getPrototypeOf(async function* () {}).constructor;

export function isAsyncGeneratorFunction(fn: unknown): fn is () => AsyncGenerator {
  return typeof fn === 'function' && fn.constructor === AsyncGeneratorFunction;
}

export function isGenerator(value: unknown): value is Generator<unknown, unknown, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const { next, throw: throwInto } = value as Partial<Generator>;
  return typeof next === 'function' && typeof throwInto === 'function' && Symbol.iterator in value;
}
