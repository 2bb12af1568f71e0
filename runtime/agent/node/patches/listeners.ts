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

const { apply, isArray } = builtIns;

/** What fails here, near the end of the stack say, is no business of the program's. */
function quietly(note: () => void): void {
  try {
    note();
  } catch {}
}

type Listeners = (target: object, name: string) => readonly unknown[];

export function patchListeners(probes: Probes, errors: UncaughtErrors): () => void {
  const require = createRequire(import.meta.url);
  const events = require('node:events') as {
    readonly getEventListeners: Listeners;
    readonly getMaxListeners: (target: object) => number;
  };
  const { getEventListeners, getMaxListeners } = events;
  const undo: (() => void)[] = [];

  function noteAdded(target: object, name: string): void {
    probes.noteHeard(target);
    probes.noteAdded({
      target,
      name,
      count: (thing) => getEventListeners(thing, name).length,
      limit: limitOf,
      siteOf: () => errors.siteHere(),
    });
  }

  /** Node refuses to say so of one that has none. */
  function limitOf(target: object): number {
    try {
      return getMaxListeners(target);
    } catch {
      return 0;
    }
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
