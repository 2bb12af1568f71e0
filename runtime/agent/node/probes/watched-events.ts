/**
 * Events that come while a function awaits before it listens to them, as the parser has found
 * (instrument/late-listens.ts). Node's own list of listeners gets an accessor of that name for the
 * time: it says that there is no listener, as the list would, and counts who asks in order to emit.
 * Nothing of ours is on the stack of a listener, for there is none; the first that comes takes the
 * accessor's place. No other emitter is touched.
 */
import { builtIns, SafeMap } from '../../../recorder/built-ins.ts';
import { plainProperty } from '../builtins/inspect-safely.ts';
import { framesHere } from '../stack/user-positions.ts';

const { defineProperty, getOwnPropertyDescriptor, getWeak, matches, setWeak } = builtIns;

/** A call of `emit` is that near. */
const DEPTH = 5;
/** After so many nobody needs an exact number. */
const MAX_COUNTED = 1000;

interface Missed {
  count: number;
  /** Where it came first; 0: no line of the program's did it. */
  site: number;
}

const missed = new WeakMap<object, SafeMap<string, Missed>>();

/** `emitter` will be listened to after an await. */
export function watchEvents(emitter: unknown, names: readonly string[], siteOf: () => number): void {
  if (typeof emitter !== 'object' || emitter === null) return;
  const events = plainProperty(emitter, '_events');
  if (typeof events !== 'object' || events === null) return;
  for (let i = 0; i < names.length; i++)
    if (!isKept(emitter, names[i]!)) watchEvent({ emitter, events, name: names[i]!, siteOf });
}

/** Node keeps the messages of a child process, and of the parent, until somebody listens. */
function isKept(emitter: object, name: string): boolean {
  return name === 'message' && typeof plainProperty(emitter, 'connected') === 'boolean';
}

interface Watch {
  readonly emitter: object;
  /** Its list of listeners. */
  readonly events: object;
  readonly name: string;
  /** The program's line that emits now. */
  siteOf(): number;
}

function watchEvent({ emitter, events, name, siteOf }: Watch): void {
  // Streams have a place for some, with nobody in it.
  const place = getOwnPropertyDescriptor(events, name);
  if (
    place !== undefined &&
    (!('value' in place) || place.value !== undefined || place.configurable !== true)
  )
    return;
  let byName = getWeak(missed, emitter);
  if (byName === undefined) setWeak(missed, emitter, (byName = new SafeMap()));
  const miss = byName.get(name) ?? { count: 0, site: 0 };
  byName.set(name, miss);
  defineProperty(events, name, {
    configurable: true,
    enumerable: false,
    get: () => {
      if (miss.count < MAX_COUNTED && isEmitted() && miss.count++ === 0) miss.site = siteQuietly(siteOf);
      return undefined;
    },
    set: (value: unknown) => {
      if (place === undefined) delete (events as Record<string, unknown>)[name];
      defineProperty(events, name, { value, configurable: true, enumerable: true, writable: true });
    },
  });
}

/** How often an event came since it was watched; 0: it did not, or nobody watched. */
export function missedEvents(emitter: object, name: string): number {
  return getWeak(missed, emitter)?.get(name)?.count ?? 0;
}

/** The line that emitted the first of them; 0: none, or not known. */
export function missedAt(emitter: object, name: string): number {
  return getWeak(missed, emitter)?.get(name)?.site ?? 0;
}

/** It is told once. */
export function forgetMissed(emitter: object, name: string): void {
  getWeak(missed, emitter)?.delete(name);
}

function siteQuietly(siteOf: () => number): number {
  try {
    return siteOf();
  } catch {
    return 0;
  }
}

/** It never throws: it runs within the program's own `emit`. */
function isEmitted(): boolean {
  try {
    const frames = framesHere(DEPTH);
    for (let i = 0; i < frames.length; i++)
      if (matches(/(?:^|\.)emit$/, frames[i]!.name) !== null) return true;
  } catch {
    // No stack is left: this one is not counted.
  }
  return false;
}
