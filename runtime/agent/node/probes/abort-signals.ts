/**
 * AbortSignals that a task was given and does not listen to, itself or through what it calls at
 * once: when one is aborted, it knows only if it looks. Whether others listened is told with it:
 * they may tell the task.
 */
import { types } from 'node:util';
import { FACT, KIND } from '../../../trace/format/kinds.ts';
import { builtIns } from '../../../recorder/built-ins.ts';
import type { SharedStep } from '../contract/probe-set.ts';
import { isSignalAborted } from '../state/abort-signals.ts';
import { isHeard } from './heard-targets.ts';
import type { ThreadContext } from './thread-context.ts';

const { apply, getOwnPropertyDescriptor, getPrototypeOf, getWeak, setWeak } = builtIns;

/** A signal may be given to every task of a service. */
const MAX_GIVEN = 64;

interface Given {
  readonly task: number;
  readonly site: number;
  readonly name: string;
  listens: boolean;
}

interface Watched {
  /** The last ones, in a ring. */
  readonly given: Given[];
  count: number;
  /** Only the first time says something. */
  isAborted: boolean;
  /** Since then nobody has looked. */
  isUnheard: boolean;
}

const watched = new WeakMap<object, Watched>();
const SIGNAL = AbortSignal.prototype;
const CONTROLLER = AbortController.prototype;
/** Node's own: it runs no code of the program's. */
const getSignal = getOwnPropertyDescriptor(CONTROLLER, 'signal')?.get;

const isMade = (value: unknown, prototype: object): value is object =>
  typeof value === 'object' && value !== null && !types.isProxy(value) && getPrototypeOf(value) === prototype;

export interface AbortSignals {
  /** The task that runs was given it. */
  given(step: SharedStep, site: number, value: unknown): void;
  /** The code that runs now listens to it, or to one that was made of it. */
  listened(signal: object): void;
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
      if (current === null || !isMade(value, SIGNAL) || isSignalAborted(value)) return;
      let known = getWeak(watched, value);
      if (known === undefined)
        setWeak(watched, value, (known = { given: [], count: 0, isAborted: false, isUnheard: false }));
      known.given[known.count++ % MAX_GIVEN] = { task: current.id, site, name, listens: false };
    },

    listened(signal) {
      const known = getWeak(watched, signal);
      if (known === undefined) return;
      for (let at = state.current; at !== null; at = at.below)
        for (let i = 0; i < known.given.length; i++)
          if (known.given[i]!.task === at.id) known.given[i]!.listens = true;
    },

    looked(value) {
      if (!isMade(value, SIGNAL)) return;
      const known = getWeak(watched, value);
      if (known === undefined || !known.isUnheard || !isSignalAborted(value)) return;
      known.isUnheard = false;
      for (let i = 0; i < known.given.length; i++) {
        const { task, site } = known.given[i]!;
        recorder.write(KIND.fact, FACT['abort-heard'], task, site, 0, 0, 0);
      }
    },

    aborted(controller, called) {
      if (!isMade(controller, CONTROLLER) || getSignal === undefined) return;
      const signal: unknown = apply(getSignal, controller, []);
      const known = getWeak(watched, signal as object);
      if (known === undefined || known.isAborted) return;
      const others = isHeard(signal as object) ? 1 : 0;
      known.isAborted = known.isUnheard = true;
      sites.waitFlags(called);
      for (let i = 0; i < known.given.length; i++) {
        const { task, site, name, listens } = known.given[i]!;
        if (listens) continue;
        sites.waitFlags(site);
        recorder.write(KIND.fact, FACT.aborted, task, site, recorder.defineText(name), called, others);
      }
    },
  };
}
