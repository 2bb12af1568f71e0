/**
 * What every queue, lock, event, … has in common: a name for messages, a record of its creation
 * with the line (traced), and the description of the waits for it.
 */
import { FLAG, KIND, RESOURCE_KIND, type ResourceKind } from '../trace/format/kinds.ts';
import { quoteName } from '../tasks/core/describe-value.ts';
import { checkOptions, checkText } from '../tasks/core/options.ts';
import type { WaitSubject } from '../tasks/core/runner.ts';
import { recorder, takeSite, traced } from '../tasks/core/trace.ts';
import { askingTask } from './wait-queue.ts';

/** An operation of a resource, as all waits for it show it: `get() of queue "orders"`. */
export class ResourceOperation implements WaitSubject {
  readonly #reason: number;
  readonly #resource: number;
  readonly #describe: () => string;

  /** @param reason from the table of reasons. @param resource its id in the trace. */
  constructor(reason: number, resource: number, describe: () => string) {
    this.#reason = reason;
    this.#resource = resource;
    this.#describe = describe;
  }

  waitReason(): number {
    return this.#reason;
  }
  waitTarget(): number {
    return this.#resource;
  }
  waitResource(): number {
    return this.#resource;
  }
  describe(): string {
    return this.#describe();
  }
}

/**
 * Records a resource.
 * @param capacity Infinity: without bound.
 * @returns its id in the trace; 0 untraced.
 */
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
    recorder.defineText(name),
    isBounded ? capacity : 0,
  );
  return id;
}

/** A resource as messages name it: `queue "orders"`, or `the queue` without a name. */
export const describeResource = (kind: string, name: string): string =>
  name === '' ? `the ${kind}` : `${kind} ${quoteName(name)}`;

/**
 * A resource as `console.log` shows it: `Queue "orders" (2 of 4 items)`.
 * @param facts what matters of it now; those that are `''` are left out.
 */
export function showResource(className: string, name: string, facts: readonly string[]): string {
  const said = facts.filter((fact) => fact !== '').join(', ');
  return `${className}${name === '' ? '' : ` ${quoteName(name)}`} (${said})`;
}

/** @returns `2 wait to put`; `''` when nobody does. */
export const showWaiters = (count: number, doing = ''): string =>
  count === 0 ? '' : `${count} ${count === 1 ? 'waits' : 'wait'}${doing}`;

/**
 * @param names of the options there are besides `name`.
 * @returns the name.
 * @throws TypeError for options that are none, and for a name that is no text.
 */
export function checkSyncOptions(
  kind: string,
  options: { readonly name?: string },
  ...names: string[]
): string {
  const owner = `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind.replace('-', ' ')}`;
  checkOptions(owner, options, ['name', ...names]);
  return checkName(kind.replace('-', ' '), options.name);
}

/** @returns the name, `''` without one. @throws TypeError for a name that is no text. */
export function checkName(kind: string, name: unknown): string {
  checkText(`the name of ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`, name);
  return (name as string | undefined) ?? '';
}
