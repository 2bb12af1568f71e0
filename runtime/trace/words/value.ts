/** What a task came back with, in words: its type and size. More is in no recording. */
import { SIZES } from '../format/kinds.ts';
import type { Trace } from '../model/trace.ts';
import type { ValueShape } from '../model/value-log.ts';
import type { Wait } from '../model/wait.ts';
import { count } from './duration.ts';

const SINGULAR = { characters: 'character', items: 'item', entries: 'entry', bytes: 'byte' } as const;

/** "It came back with a string of 12 characters.", "It threw a TypeError."; '': not known. */
export function describeAwaited(trace: Trace, { row, startNs, endNs, site }: Wait): string {
  const shape = endNs === null ? null : trace.values.ofWait(row, startNs, site);
  const words = shape === null ? '' : describeShape(trace, shape);
  if (words === '') return '';
  return shape!.threw ? `It ${words}.` : `It came back with ${words}.`;
}

/**
 * "a string of 12 characters", "an Order", "undefined", "threw a TypeError"; '': the type is not
 * known.
 */
export function describeShape(trace: Trace, { type, unit, size, threw }: ValueShape): string {
  if (type < 0) return '';
  const counted = SIZES[unit] ?? '';
  const words = withArticle(trace.text(type));
  const sized = counted === '' ? words : `${words} of ${count(size, SINGULAR[counted], counted)}`;
  return threw ? `threw ${sized}` : sized;
}

export function withArticle(type: string): string {
  if (type === 'undefined' || type === 'null') return type;
  return `${/^[aeiou]/i.test(type) ? 'an' : 'a'} ${type}`;
}
