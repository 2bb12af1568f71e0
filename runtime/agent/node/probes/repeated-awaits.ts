/**
 * An await that asks the same again and again, and fails each time: how often one activation did so
 * in a row, with what the last error was. An answer of `fetch` that is not ok has failed, too.
 */
import { FACT, KIND } from '../../../trace/format/kinds.ts';
import { builtIns, SafeMap } from '../../../recorder/built-ins.ts';
import { isProxy, plainProperty, typeNameOf } from '../builtins/inspect-safely.ts';
import type { Activation } from '../state/activation.ts';
import type { ThreadContext } from './thread-context.ts';

const { apply, getOwnPropertyDescriptor, getPrototypeOf, matches, textOf } = builtIns;

/** Told from here on, each time that the count has doubled. */
const MIN_TOLD = 16;
/** The getter of undici, with which Node comes: it looks at the class, and reads. */
const OF_UNDICI = /^get status\(\) \{\s*webidl\.brandCheck\(this,/;
/** Activations that have failed and not ended. */
const MAX_OPEN = 10_000;

interface Retries {
  readonly site: number;
  count: number;
}

export interface RepeatedAwaits {
  /** The wait of the activation, at a site that asks the same again, ended with this error. */
  failed(activation: Activation, error: unknown): void;
  /** It ended with this value. */
  answered(activation: Activation, value: unknown): void;
}

export function repeatedAwaits({
  recorder,
  sites,
}: Pick<ThreadContext, 'recorder' | 'sites'>): RepeatedAwaits {
  const open = new SafeMap<number, Retries>();

  function note({ id, waitSite: site }: Activation, error: string): void {
    let retries = open.get(id);
    if (retries?.site !== site) {
      if (open.size >= MAX_OPEN) open.clear();
      open.set(id, (retries = { site, count: 0 }));
    }
    const count = ++retries.count;
    if (count < MIN_TOLD || (count & (count - 1)) !== 0) return;
    recorder.write(KIND.fact, FACT.retried, id, site, recorder.defineText(error), 0, count);
  }

  return {
    failed(activation, error) {
      if (!sites.asksAgain(activation.waitSite)) return;
      try {
        note(activation, nameOf(error));
      } catch {
        // Near the end of the stack there may be too little of it.
      }
    },

    answered(activation, value) {
      if (!sites.asksAgain(activation.waitSite)) return;
      try {
        const status = failedStatus(value);
        if (status > 0) note(activation, `status ${status}`);
        else if (open.size > 0) open.delete(activation.id);
      } catch {}
    },
  };
}

/** "ECONNREFUSED", "TypeError"; '': it has no name that could be read. */
function nameOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || isProxy(error)) return '';
  const code = plainProperty(error, 'code') ?? codeOfCause(error);
  return typeof code === 'string' && code.length < 64 ? code : typeNameOf(error);
}

/** `fetch` fails with a TypeError, and says why in its cause. */
function codeOfCause(error: object): unknown {
  const cause = plainProperty(error, 'cause');
  return typeof cause === 'object' && cause !== null ? plainProperty(cause, 'code') : undefined;
}

let statusGetter: (() => unknown) | null = null;

/** Of a response of Node's `fetch` that is not ok; 0: of anything else. */
function failedStatus(value: unknown): number {
  if (typeof value !== 'object' || value === null || isProxy(value)) return 0;
  const prototype: unknown = getPrototypeOf(value);
  if (typeof prototype !== 'object' || prototype === null || typeNameOf(value) !== 'Response') return 0;
  const getter = getOwnPropertyDescriptor(prototype, 'status')?.get;
  // A class of the program's may have the name: its getter is not called.
  if (getter === undefined || (getter !== statusGetter && matches(OF_UNDICI, textOf(getter)) === null))
    return 0;
  statusGetter = getter;
  const status: unknown = apply(getter, value, []);
  return typeof status === 'number' && status >= 400 ? status : 0;
}
