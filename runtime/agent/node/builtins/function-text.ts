/**
 * `Function.prototype.toString` gives the text that the program would see untraced: of a built-in
 * that we replaced the original's, of an instrumented function its source. So a function works
 * where it is sent as text: to a worker, a browser, another realm, `new Function`.
 */
type Callable = (...args: never[]) => unknown;

const { apply, defineProperty } = Reflect;
const { get, set } = WeakMap.prototype;
const functionPrototype = Function.prototype;
const native = functionPrototype.toString;

/** Texts of functions of ours that stand for others. */
const texts = new WeakMap<object, string>();
let sourceOf = (text: string): string => text;
let isReplaced = false;

/** `fn` shows this text from here on. */
export function setTextOf(fn: object, text: string): void {
  replaceToString();
  apply(set, texts, [fn, text]);
}

/** From here on, texts of functions are shown as `convert` gives them. */
export function convertTexts(convert: (text: string) => string): void {
  replaceToString();
  sourceOf = convert;
}

/** The text that runs: with probes, where there are some. */
export function emittedTextOf(fn: object): string {
  return apply(native, fn, []) as string;
}

/** The text that a built-in shows, whoever stands in its place already. */
export function builtinTextOf(fn: object): string {
  return (apply(get, texts, [fn]) as string | undefined) ?? emittedTextOf(fn);
}

/** @param toString the native function of the realm that is asked: it throws what that throws */
export function shownTextOf(fn: unknown, toString: Callable): string {
  const known = typeof fn === 'function' ? (apply(get, texts, [fn]) as string | undefined) : undefined;
  return known ?? sourceOf(apply(toString, fn, []) as string);
}

/** Makes one realm's `toString` of functions ours. `ours` was made in that realm. */
export function putToString(prototype: object, original: Callable, ours: Callable): void {
  apply(set, texts, [ours, apply(native, original, [])]);
  defineProperty(prototype, 'toString', {
    value: ours,
    writable: true,
    enumerable: false,
    configurable: true,
  });
}

function replaceToString(): void {
  if (isReplaced) return;
  isReplaced = true;
  // A method, so that it has no `prototype` and cannot be constructed, like the original.
  const { toString } = {
    toString(this: unknown): string {
      return shownTextOf(this, native);
    },
  };
  putToString(functionPrototype, native, toString);
}
