/**
 * Listeners that pile up on one event target, events that `events.on` keeps, and events that were
 * emitted before anybody listened. It counts, and looks closer only when a count has doubled. Of
 * event targets `addEventListener` is replaced, of emitters no method.
 */
import { createRequire } from 'node:module';
import { builtIns } from '../../../recorder/built-ins.ts';
import { replaceBuiltin, undoAll } from '../builtins/replace-builtin.ts';
import type { UncaughtErrors } from '../errors/uncaught-errors.ts';
import type { Probes } from '../probes/probes.ts';

const { apply, getWeak, isArray, setWeak } = builtIns;

/** A program may well have a few dozen jobs that listen to one signal at a time. */
const MIN_LISTENERS = 32;

/** What fails here, near the end of the stack say, is no business of the program's. */
function quietly(note: () => void): void {
  try {
    note();
  } catch {}
}

type Listeners = (target: object, name: string) => readonly unknown[];

export function patchListeners(probes: Probes, errors: UncaughtErrors): () => void {
  const require = createRequire(import.meta.url);
  const events = require('node:events') as { readonly getEventListeners: Listeners };
  const { getEventListeners } = events;
  /** By target: how many listeners were added, of all names. */
  const added = new WeakMap<object, number>();
  const undo: (() => void)[] = [];

  function noteAdded(target: object, name: string): void {
    probes.noteHeard(target);
    const adds = (getWeak(added, target) ?? 0) + 1;
    setWeak(added, target, adds);
    if (adds < MIN_LISTENERS || (adds & (adds - 1)) !== 0) return;
    const count = (thing: object): number => getEventListeners(thing, name).length;
    probes.growth.recountAtEnd(target, count);
    probes.growth.note(target, count(target), MIN_LISTENERS, () => ({
      site: errors.siteHere(),
      text: `${name} listeners of one ${target instanceof AbortSignal ? 'AbortSignal' : 'event target'}`,
      called: 0,
    }));
  }

  function noteSource(signal: unknown): void {
    if (typeof signal === 'object' && signal !== null) probes.noteHeard(signal);
  }

  undo.push(
    replaceBuiltin(EventTarget.prototype, 'addEventListener', (original) => {
      return {
        addEventListener(this: unknown, ...args: unknown[]): unknown {
          const result: unknown = apply(original, this, args);
          // The call went well: `this` is an event target.
          if (typeof args[0] === 'string') quietly(() => noteAdded(this as object, args[0] as string));
          return result;
        },
      }.addEventListener;
    }),
    // Whoever listens to the one that it makes hears of these, too.
    replaceBuiltin(AbortSignal, 'any', (original) => {
      return {
        any(this: unknown, ...args: unknown[]): unknown {
          const result: unknown = apply(original, this, args);
          const [signals] = args;
          if (isArray(signals))
            for (let i = 0; i < signals.length; i++) quietly(() => noteSource(signals[i]));
          return result;
        },
      }.any;
    }),
    replaceBuiltin(events, 'on', (original) => {
      return {
        on(this: unknown, ...args: unknown[]): unknown {
          const iterator: unknown = apply(original, this, args);
          if (typeof iterator === 'object' && iterator !== null)
            quietly(() => probes.noteEventIterator(iterator, errors.siteHere()));
          return iterator;
        },
      }.on;
    }),
    replaceBuiltin(require('node:readline') as object, 'createInterface', (original) => {
      return {
        createInterface(this: unknown, ...args: unknown[]): unknown {
          const lines: unknown = apply(original, this, args);
          if (typeof lines === 'object' && lines !== null)
            quietly(() => probes.noteLineReader(lines, errors.siteHere()));
          return lines;
        },
      }.createInterface;
    }),
  );
  return () => undoAll(undo);
}
