/**
 * Timers that Node's own `fetch` and HTTP server set for themselves, while the user's task that
 * called them runs. They do not belong to the program. They are known by name and, since a program
 * may use the same name, by the text of the function.
 */
import { builtIns, SafeMap } from '../../../recorder/built-ins.ts';

const { matches, textOf } = builtIns;

const INTERNAL_CALLBACKS = new SafeMap<string, RegExp>([
  // fetch (undici): one coarse clock for all its deadlines, and the deadline of an answer.
  ['onTick', /\bfastTimers\b/],
  ['onParserTimeout', /\btimeoutType\b/],
  // http.Server: looks every 30 s for silent connections.
  ['bound checkConnections', /\[native code\]/],
]);

/** @param name the own name of the callback */
export function isInternalTimer(name: string, callback: (...args: never[]) => unknown): boolean {
  const text = INTERNAL_CALLBACKS.get(name);
  return text !== undefined && matches(text, textOf(callback)) !== null;
}
