/**
 * Timers with which Node's own `fetch` and HTTP server keep house, set while a task of the user's runs that called them.
 * They are none of the program's. Known by name and, since a program may use the same name, by what the function does.
 */
const { toString } = Function.prototype;

const INTERNAL_MODULES: ReadonlyMap<string, RegExp> = new Map([
  // fetch (undici): one coarse clock for all its deadlines, and that of an answer.
  ['onTick', /\bfastTimers\b/],
  ['onParserTimeout', /\btimeoutType\b/],
  // http.Server: looks every 30 s for connections that say nothing.
  ['bound checkConnections', /\[native code\]/],
]);

/** @param name the function's own */
export function isInternalTimer(name: string, callback: (...args: never[]) => unknown): boolean {
  return INTERNAL_MODULES.get(name)?.test(Reflect.apply(toString, callback, [])) === true;
}
