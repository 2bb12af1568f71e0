/** What somebody gave, as a message says it: short, quoted where it is text, and never the source of a function (traced, that is not what the user wrote). */
export function describeValue(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return value.name === '' ? 'a function' : `function ${value.name}`;
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return 'a list';
  return `an object (${value.constructor?.name ?? 'no class'})`;
}
