/** Options are looked at when they are given: one that is misspelt or of the wrong sort would else do nothing, and nobody would be told. */
import { describeValue } from './describe-value.ts';

/**
 * @param who as the message names it: `run()`, `a queue`.
 * @param names what may be said; an option that is undefined counts as not said.
 * @throws TypeError for what is no object of options, and for an option that there is not.
 */
export function checkOptions(who: string, options: unknown, names: readonly string[]): void {
  const prototype: unknown =
    typeof options === 'object' && options !== null ? Object.getPrototypeOf(options) : undefined;
  // Of a class of its own it is something else in the place of options: a task, a list, another queue.
  if (prototype === undefined || (prototype !== null && Object.getPrototypeOf(prototype) !== null))
    throw new TypeError(`${who} takes an object of options (${list(names)}), not ${describeValue(options)}`);
  for (const name of Object.keys(options as object))
    if (!names.includes(name)) throw new TypeError(`${who} has no option "${name}"; there is ${list(names)}`);
}

const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

/** @throws TypeError for a name that is no text. */
export function checkText(what: string, text: unknown): void {
  if (text !== undefined && typeof text !== 'string')
    throw new TypeError(`${what} must be a string, not ${describeValue(text)}`);
}

/** @throws TypeError for a switch that is neither true nor false. */
export function checkSwitch(what: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean')
    throw new TypeError(`${what} must be true or false, not ${describeValue(value)}`);
}
