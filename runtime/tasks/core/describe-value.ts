/** Values that a user gave, as messages name them. */
import { isGenerator } from './generators.ts';

/**
 * Short, quoted where it is text. The source of a function is never shown: traced, it is not what
 * the user wrote.
 */
export function describeValue(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return value.name === '' ? 'a function' : `function ${value.name}`;
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return 'a list';
  return `an object (${value.constructor?.name ?? 'no class'})`;
}

/**
 * A name in quotes: `"orders"`. One that has such quotes itself gets others, so that what was named
 * after something else stays readable: `'with lock "left"'`.
 */
export function quoteName(name: string): string {
  if (!name.includes('"') && !/[\n\r\\]/.test(name)) return `"${name}"`;
  return /['\n\r\\]/.test(name) ? JSON.stringify(name) : `'${name}'`;
}

/** What a coroutine yielded that cannot be waited for. */
export function describeYielded(value: unknown): string {
  if (typeof value === 'function') return `the function ${value.name || '(anonymous)'}`;
  if (isGenerator(value)) return 'a coroutine';
  if (typeof value === 'object' && value !== null)
    return `an object (${value.constructor?.name ?? 'no class'})`;
  return JSON.stringify(value) ?? typeof value;
}
