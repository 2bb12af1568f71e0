/**
 * What several requests share runs in the context of one of them: a batch that the first one began
 * reads its store of an AsyncLocalStorage and works for the others as well. Noted are activations
 * that read a store, and then who is woken by one of them and has another store.
 *
 * `getStore` becomes an accessor that gives Node's own method: no frame of ours is on a stack. It
 * is asked again, without the program, where somebody is woken by one that has read.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { FACT, KIND } from '../../../trace/format/kinds.ts';
import { builtIns, SafeMap, SafeRef } from '../../../recorder/built-ins.ts';
import { watchReads } from '../builtins/watch-reads.ts';
import { changeStackLimit, type FormerLimit, restoreStackLimit } from '../stack/stack-limit.ts';
import { TimeBudget } from '../stack/time-budget.ts';
import type { Activation } from '../state/activation.ts';
import type { ThreadContext } from './thread-context.ts';

const { apply } = builtIns;
const { getStore } = AsyncLocalStorage.prototype;
const NativeError = Error;
const MIXED = FACT['context-mixed'];
const READER = FACT['context-reader'];
const MAX_READERS = 2000;
const MAX_TOLD = 200;
const MAX_FRAMES = 12;

interface Read {
  readonly storage: object;
  /** An object is held weakly. */
  readonly store: unknown;
  /** Its text is made only where it is told. */
  readonly stack: Error;
}

export interface MixedContexts {
  /** The program uses such contexts. @returns what ends it */
  watch(): () => void;
  /** An activation runs again. @param waker id of the activation that ended its wait */
  resumed(activation: Activation, waker: number): void;
}

export function createMixedContexts({
  recorder,
  sites,
  state,
  errors,
}: Pick<ThreadContext, 'recorder' | 'sites' | 'state' | 'errors'>): MixedContexts {
  /** By activation: what it read last, itself or in what it waited for. */
  const readers = new SafeMap<number, Read>();
  const budget = new TimeBudget();
  let told = 0;
  let hasRead = false;
  let isOwn = false;

  const noteRead = (storage: object): void => {
    const { current } = state;
    if (isOwn || current === null || readers.get(current.id)?.storage === storage || !budget.begin()) return;
    let formerLimit: FormerLimit = null;
    try {
      const store = storeOf(storage);
      if (store === undefined) return;
      if (readers.size >= MAX_READERS) readers.clear();
      formerLimit = changeStackLimit(MAX_FRAMES);
      readers.set(current.id, { storage, store: keptOf(store), stack: new NativeError('') });
      hasRead = true;
    } catch {
      // It is not known to have read.
    } finally {
      restoreStackLimit(formerLimit);
      budget.end();
    }
  };

  function storeOf(storage: object): unknown {
    isOwn = true;
    try {
      return apply(getStore, storage, []);
    } finally {
      isOwn = false;
    }
  }

  return {
    watch: () => watchReads(AsyncLocalStorage.prototype, 'getStore', noteRead),

    resumed(activation, waker) {
      if (!hasRead || told >= MAX_TOLD) return;
      const read = readers.get(waker);
      if (read === undefined) return;
      try {
        const store = storeOf(read.storage);
        if (store === undefined) return;
        if (isKept(read.store, store)) {
          if (!readers.has(activation.id)) readers.set(activation.id, read);
          return;
        }
        const frame = errors.placeOf(read.stack);
        if (frame === null) return;
        told++;
        sites.waitFlags(activation.waitSite);
        const { waitSite: site, id } = activation;
        recorder.write(KIND.fact, READER, waker, errors.siteOf(frame), 0, 0, 0);
        recorder.write(KIND.fact, MIXED, id, site, 0, 0, 0);
      } catch {
        // Near the end of the stack there may be too little of it.
      }
    },
  };
}

const keptOf = (store: unknown): unknown =>
  typeof store === 'object' && store !== null ? new SafeRef(store) : store;

const isKept = (kept: unknown, store: unknown): boolean =>
  kept instanceof SafeRef ? kept.deref() === store : kept === store;
