/**
 * Checks of arguments, made when they are given. Without them an option that is misspelt or of the
 * wrong type would do nothing, and the user would not learn of it.
 */
import { describeValue } from './describe-value.ts';

/**
 * @param owner as the message names it: `run()`, `a queue`.
 * @param names of the options there are; an option that is undefined counts as left out.
 * @throws TypeError for what is no object of options, and for an option that there is not.
 */
export function checkOptions(owner: string, options: unknown, names: readonly string[]): void {
  const prototype: unknown =
    typeof options === 'object' && options !== null ? Object.getPrototypeOf(options) : undefined;
  // An object of a class is something else in the place of options: a task, a list, another queue.
  if (prototype === undefined || (prototype !== null && Object.getPrototypeOf(prototype) !== null))
    throw new TypeError(
      `${owner} takes an object of options (${quoted(names)}), not ${describeValue(options)}`,
    );
  for (const name of Object.keys(options as object))
    if (!names.includes(name))
      throw new TypeError(`${owner} has no option "${name}"; there is ${quoted(names)}`);
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

/** @throws TypeError for a value that is no text. */
export function checkText(label: string, text: unknown): void {
  if (text !== undefined && typeof text !== 'string')
    throw new TypeError(`${label} must be a string, not ${describeValue(text)}`);
}

/** @throws TypeError for a value that is neither true nor false. */
export function checkSwitch(label: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean')
    throw new TypeError(`${label} must be true or false, not ${describeValue(value)}`);
}

/** @throws RangeError for what is no number of ms from 0 up; Infinity means for ever. */
export function checkMs(label: string, ms: unknown): void {
  if (typeof ms !== 'number' || !(ms >= 0))
    throw new RangeError(`${label} must be a number of ms from 0 up, not ${describeValue(ms)}`);
}
