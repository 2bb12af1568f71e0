/** What every queue and every thing to synchronise by has in common: a name for messages and, traced, a record of its making with its line. */
import { FLAG, KIND, RESOURCE_KIND, type ResourceKind } from '../trace/format/kinds.ts';
import { checkOptions, checkText } from '../tasks/core/options.ts';
import { recorder, takeSite, traced } from '../tasks/core/trace.ts';
import { askingTask } from './wait-queue.ts';

/** @returns its id in the trace; 0 untraced. `capacity` Infinity: without bound. */
export function beginResource(kind: ResourceKind, name: string, capacity: number): number {
  if (!traced) return 0;
  const id = recorder.nextId();
  const isBounded = capacity !== Infinity;
  const flags = RESOURCE_KIND[kind] | (isBounded ? FLAG.resourceBounded : 0);
  recorder.write(
    KIND.resourceBegin,
    flags,
    askingTask(),
    id,
    takeSite(),
    recorder.text(name),
    isBounded ? capacity : 0,
  );
  return id;
}

/** A thing of the library as messages name it: `queue "orders"`, or `the queue`. */
export const describeResource = (kind: string, name: string): string =>
  name === '' ? `the ${kind}` : `${kind} "${name}"`;

/**
 * @param names of its options besides `name`.
 * @returns its name.
 * @throws TypeError for options that are none, and for a name that is no text.
 */
export function checkSyncOptions(
  kind: string,
  options: { readonly name?: string },
  ...names: string[]
): string {
  const one = `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind.replace('-', ' ')}`;
  checkOptions(one, options, ['name', ...names]);
  return checkName(kind.replace('-', ' '), options.name);
}

/** @throws TypeError for a name that is no text. */
export function checkName(kind: string, name: unknown): string {
  checkText(`the name of ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`, name);
  return (name as string | undefined) ?? '';
}
