/**
 * AbortSignals that a task was given and nobody listens to: when one is aborted, only who looks at
 * it knows. A signal that somebody ever listened to, or made another one of, is left out.
 */
import { types } from 'node:util';
import { FACT, KIND } from '../../../trace/format/kinds.ts';
import { builtIns } from '../../../recorder/built-ins.ts';
import type { SharedStep } from '../contract/probe-set.ts';
import { isHeard } from './heard-targets.ts';
import type { ThreadContext } from './thread-context.ts';

const { apply, getOwnPropertyDescriptor, getPrototypeOf, getWeak, setWeak } = builtIns;

/** A signal may be given to every task of a service. */
const MAX_GIVEN = 64;

interface Given {
  readonly task: number;
  readonly site: number;
  readonly name: string;
}

interface Watched {
  /** The last ones, in a ring. */
  readonly given: Given[];
  count: number;
  /** It was aborted, and nobody has looked since. */
  isUnheard: boolean;
}

const watched = new WeakMap<object, Watched>();
/** Node's own: they run no code of the program's. */
const getAborted = getOwnPropertyDescriptor(AbortSignal.prototype, 'aborted')?.get;
const getSignal = getOwnPropertyDescriptor(AbortController.prototype, 'signal')?.get;

const isMade = (value: unknown, prototype: object): value is object =>
  typeof value === 'object' && value !== null && !types.isProxy(value) && getPrototypeOf(value) === prototype;

export interface AbortSignals {
  /** The task that runs was given it. */
  given(step: SharedStep, site: number, value: unknown): void;
  /** Somebody has looked at it. */
  looked(value: unknown): void;
  /** `abort()` of it was called at the site. */
  aborted(controller: object, site: number): void;
}

export function abortSignals({
  recorder,
  sites,
  state,
}: Pick<ThreadContext, 'recorder' | 'sites' | 'state'>): AbortSignals {
  return {
    given({ name }, site, value) {
      const { current } = state;
      if (current === null || !isMade(value, AbortSignal.prototype)) return;
      let known = getWeak(watched, value);
      if (known === undefined) setWeak(watched, value, (known = { given: [], count: 0, isUnheard: false }));
      known.given[known.count++ % MAX_GIVEN] = { task: current.id, site, name };
    },

    looked(value) {
      if (!isMade(value, AbortSignal.prototype)) return;
      const known = getWeak(watched, value);
      if (known === undefined || !known.isUnheard || apply(getAborted!, value, []) !== true) return;
      known.isUnheard = false;
      for (let i = 0; i < known.given.length; i++) {
        const { task, site } = known.given[i]!;
        recorder.write(KIND.fact, FACT['abort-heard'], task, site, 0, 0, 0);
      }
    },

    aborted(controller, called) {
      if (!isMade(controller, AbortController.prototype) || getSignal === undefined) return;
      const signal: unknown = apply(getSignal, controller, []);
      const known = getWeak(watched, signal as object);
      if (known === undefined || known.isUnheard || isHeard(signal as object)) return;
      known.isUnheard = true;
      sites.waitFlags(called);
      for (let i = 0; i < known.given.length; i++) {
        const { task, site, name } = known.given[i]!;
        sites.waitFlags(site);
        recorder.write(KIND.fact, FACT.aborted, task, site, recorder.defineText(name), called, 0);
      }
    },
  };
}
