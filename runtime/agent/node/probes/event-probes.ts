/**
 * Events that came too early: emitted while nobody listened, or kept by an iterator that is read
 * too slowly, or gone when the loop over them began. It looks at what the user's own calls and
 * loops show; no emitter is changed.
 */
import { Readable } from 'node:stream';
import { types } from 'node:util';
import { FACT, KIND } from '../../../trace/format/kinds.ts';
import { EXPECTED_EVENTS, EXPECTED_OF_STREAMS } from '../contract/expected-events.ts';
import { builtIns, SafeMap } from '../../../recorder/built-ins.ts';
import { isObject, plainProperty } from '../builtins/inspect-safely.ts';
import { type AddedListener, noteAddedListener } from './added-listeners.ts';
import { unreadEvents } from './growth.ts';
import { isHeard, noteHeard } from './heard-targets.ts';
import { emittedName } from './receivers.ts';
import { noteListened } from '../state/close-listeners.ts';
import type { ProbeContext } from './probe-context.ts';
import { forgetMissed, missedAt, missedEvents } from './watched-events.ts';

const { getWeak, isArray, matches, setWeak } = builtIns;
const LATE = FACT['late-listener'];
const EARLY = FACT['early-event'];

/** Names of events that an emitter emitted to nobody. */
const MAX_NAMES = 16;
const DEFAULT_LIMIT = 10;

interface Unheard {
  readonly site: number;
  readonly count: number;
  /** Of an emitter that does not say whether somebody heard it. */
  readonly isUnsure: boolean;
}

interface Early {
  readonly name: string;
  /** How often it came; 0: it is not known whether somebody heard it. */
  readonly count: number;
  /** The site that emitted it; 0: not known. */
  readonly told: number;
}

/** By emitter and event: the last time that nobody heard it. */
const unheard = new WeakMap<object, SafeMap<string, Unheard>>();
/** By emitter of another kind than Node's: the events that the program's own lines listened to. */
const heardNames = new WeakMap<object, SafeMap<string, true>>();
/** By iterator of `events.on`, and by line reader: where it was made. */
const madeAt = new WeakMap<object, number>();

export interface EventProbes {
  /** A call of a stream, an emitter or an event target is over: `value` is what it gave. */
  noteTold(base: number, site: number, value: unknown, root: unknown): void;
  /** Somebody listens to an event target. */
  noteHeard(target: object): void;
  /** Somebody has added a listener to an event target. */
  noteAdded(listener: Omit<AddedListener, 'run'>): void;
  /** `events.on` made it. @param site of the call */
  noteEventIterator(iterator: object, site: number): void;
  /** Somebody begins to wait for an event. `siteOf` is asked only if it came before. */
  noteLateListener(emitter: unknown, name: unknown, siteOf: () => number): void;
  /** `readline.createInterface` made it. @param site of the call */
  noteLineReader(lines: object, site: number): void;
  /** A `for await` begins; the result is told of each step, null: there is nothing to look at. */
  iterated(site: number, iterable: unknown): (() => void) | null;
}

/** Node's own: they run no code of the program's. */
const didRead = builtIns.getOwnPropertyDescriptor(Readable.prototype, 'readableDidRead')?.get;

/** Of `emit('ready')`, `dispatchEvent(new Event("ready"))`; of `pEvent(emitter, 'ready')`. */
const FIRST_LITERAL = /^[^(]*\(\s*(?:new \w+\(\s*)?(['"`])([^'"`$]+)\1/;
const SECOND_LITERAL = /^[^(]*\([^,('"`]+,\s*(['"`])([^'"`$]+)\1/;

/** How many listen to an event of an emitter, by Node's own list of them. */
function listenerCount(emitter: object, name: string): number {
  const events = plainProperty(emitter, '_events');
  const listeners = typeof events === 'object' && events !== null ? plainProperty(events, name) : undefined;
  return isArray(listeners) ? listeners.length : listeners === undefined ? 0 : 1;
}

/** From how many listeners on Node warns. */
function limitOf(emitter: object): number {
  const limit = plainProperty(emitter, '_maxListeners');
  return typeof limit === 'number' ? limit : DEFAULT_LIMIT;
}

/** It comes while nobody listens, and nothing is lost by it. */
function isExpected(emitter: object, name: string): boolean {
  if (name !== EXPECTED_OF_STREAMS) return EXPECTED_EVENTS.has(name);
  return (
    plainProperty(emitter, '_readableState') !== undefined ||
    plainProperty(emitter, '_writableState') !== undefined
  );
}

const hasEvents = (emitter: object): boolean => typeof plainProperty(emitter, '_events') === 'object';

/** By the lists that the packages `mitt` and `nanoevents` keep. */
function isListed(emitter: object, name: string): boolean {
  const all = plainProperty(emitter, 'all');
  if (types.isMap(all)) return isFilled(mapGet(all, name)) || isFilled(mapGet(all, '*'));
  const events = plainProperty(emitter, 'events');
  return typeof events === 'object' && events !== null && isFilled(plainProperty(events, name));
}

const mapGet = (map: object, key: string): unknown => builtIns.apply(getFromMap, map, [key]);
const { get: getFromMap } = Map.prototype;
const isFilled = (list: unknown): boolean => isArray(list) && list.length > 0;

/**
 * A line reader emits what comes from the moment it is made. One that has closed, or whose input
 * was read, told its lines to nobody, unless somebody listens.
 */
function hasLostLines(reader: object): boolean {
  const closed = plainProperty(reader, 'closed');
  const input = plainProperty(reader, 'input');
  if (typeof closed !== 'boolean' || typeof input !== 'object' || input === null || types.isProxy(input))
    return false;
  const listeners = plainProperty(reader, '_events');
  if (typeof listeners === 'object' && listeners !== null && plainProperty(listeners, 'line') !== undefined)
    return false;
  if (closed) return true;
  const isReadable = isObject(plainProperty(input, '_readableState'));
  return isReadable && didRead !== undefined && builtIns.apply(didRead, input, []) === true;
}

export function eventProbes({
  recorder,
  sites,
  state,
  growth,
  targets,
  resolvers,
  unread,
  closed,
  signals,
}: ProbeContext): EventProbes {
  const names = new SafeMap<number, string>();

  /** The event's name, as far as the call has it as a text; '': it has not. */
  function nameAt(site: number, literal = FIRST_LITERAL): string {
    const known = names.get(site);
    if (known !== undefined) return known;
    const name = matches(literal, sites.text(site))?.[2] ?? '';
    names.set(site, name);
    return name;
  }

  /** Of a call that emits or dispatches: by its text, or by what it was given. */
  function emitted(site: number, root: unknown): string {
    const receiver = sites.receiver(site);
    const name = receiver === null ? '' : emittedName(receiver, root);
    return name === '' ? nameAt(site) : name;
  }

  const runNow = (): number => state.current?.id ?? state.creator;

  const isOnce = (site: number): boolean => matches(/\.once\(/, sites.text(site)) !== null;

  /** @param isUnsure nobody is known to hear it */
  function noteUnheard(site: number, emitter: object, name: string, isUnsure: boolean): void {
    if (name === '') return;
    let byName = getWeak(unheard, emitter);
    if (byName === undefined) setWeak(unheard, emitter, (byName = new SafeMap()));
    const known = byName.get(name);
    if (known === undefined && byName.size >= MAX_NAMES) return;
    byName.set(name, { site, count: (known?.count ?? 0) + 1, isUnsure });
  }

  /** Of an emitter whose `emit` tells nothing: it counts unless a listener is known. */
  function noteEmitted(site: number, emitter: object, name: string): void {
    if (hasEvents(emitter)) return;
    if (getWeak(heardNames, emitter)?.get(name) !== undefined || isListed(emitter, name)) return;
    noteUnheard(site, emitter, name, true);
  }

  function noteHearer(emitter: object, name: string): void {
    if (hasEvents(emitter)) return;
    let names = getWeak(heardNames, emitter);
    if (names === undefined) setWeak(heardNames, emitter, (names = new SafeMap()));
    if (names.size < MAX_NAMES) names.set(name, true);
  }

  function noteListener(site: number, promiseSite: number, emitter: object): void {
    if (promiseSite !== 0) resolvers.noteListening(promiseSite, emitter);
    const name = nameAt(site);
    if (name === '') return;
    noteListened(emitter, name);
    noteHearer(emitter, name);
    if (promiseSite !== 0) {
      unread.noteAwaited(emitter, name, () => promiseSite);
      // One that is listened to once may come again: then nothing was lost by it.
      if (isOnce(site) || missedEvents(emitter, name) === 0) noteLate(emitter, name, () => promiseSite);
      else noteMissed(emitter, name, site);
    } else noteMissed(emitter, name, site);
    if (!hasEvents(emitter)) return;
    noteAddedListener(growth, {
      target: emitter,
      name,
      run: runNow(),
      count: (thing) => listenerCount(thing, name),
      limit: limitOf,
      siteOf: () => {
        sites.waitFlags(site);
        return site;
      },
    });
  }

  /** A package's function was asked to wait for an event, and listens to it now. */
  function noteAwaited(site: number, emitter: object): void {
    const name = nameAt(site, SECOND_LITERAL);
    if (name === '' || listenerCount(emitter, name) === 0) return;
    unread.noteAwaited(emitter, name, () => site);
    closed.noteAwaited(emitter, name, () => site);
    noteLate(emitter, name, () => site);
  }

  /** A method of the emitter was asked to wait for an event. */
  function noteOwnAwaited(site: number, emitter: object): void {
    const name = nameAt(site);
    if (name === '') return;
    noteHearer(emitter, name);
    closed.noteAwaited(emitter, name, () => site);
    noteLate(emitter, name, () => site);
  }

  function noteLate(emitter: object, name: string, siteOf: () => number): void {
    const early = getWeak(unheard, emitter)?.get(name);
    // Where it comes again and again, others may have heard it.
    if (early !== undefined && early.isUnsure && early.count > 1) return;
    const count = early?.count ?? missedEvents(emitter, name);
    if (count === 0) return;
    const told = early?.site ?? missedAt(emitter, name);
    forgetMissed(emitter, name);
    const site = siteOf();
    const isUnsure = early?.isUnsure === true;
    if (isUnsure) writeEarly(0, site, { name, count: 0, told });
    else writeLate(0, site, { name, count, told });
    // What a method of an object gives is waited for at another line.
    resolvers.whenAwaited((task) => writeEarly(task, site, { name, count: isUnsure ? 0 : count, told }));
  }

  /** Nobody waits for it here: it came while the function awaited something before it listened. */
  function noteMissed(emitter: object, name: string, site: number): void {
    const count = missedEvents(emitter, name);
    if (count === 0 || isExpected(emitter, name)) return;
    const told = getWeak(unheard, emitter)?.get(name)?.site ?? missedAt(emitter, name);
    forgetMissed(emitter, name);
    writeLate(runNow(), site, { name, count, told });
  }

  function writeLate(task: number, site: number, { name, count, told }: Early): void {
    if (told !== 0) sites.waitFlags(told);
    sites.waitFlags(site);
    recorder.write(KIND.fact, LATE, task, site, recorder.defineText(name), told, count);
  }

  function writeEarly(task: number, site: number, { name, count, told }: Early): void {
    if (told !== 0) sites.waitFlags(told);
    sites.waitFlags(site);
    recorder.write(KIND.fact, EARLY, task, site, recorder.defineText(name), told, count);
  }

  function noteTold(base: number, site: number, value: unknown, root: unknown): void {
    const id = base + site;
    const tells = sites.tells(id);
    if (value !== false && tells === 'write') return;
    // Those that return a boolean, as Node's do, say whether somebody heard it.
    if (tells === 'emit' && value !== false && value !== undefined && !types.isPromise(value)) return;
    const object = targets.receivers.objectAt(id, root);
    if (object === null) return;
    if (tells === 'write') growth.noteRefusedWrite(id, object);
    else if (tells === 'listen') noteListener(id, sites.promiseAround(id, base), object);
    else if (tells === 'await') noteAwaited(id, object);
    else if (tells === 'abort') signals.aborted(object, id);
    else if (tells === 'await-own') noteOwnAwaited(id, object);
    else if (tells === 'emit' && value !== false) noteEmitted(id, object, emitted(id, root));
    else if (tells === 'emit' || !isHeard(object)) noteUnheard(id, object, emitted(id, root), false);
  }

  return {
    // Near the end of the stack there may be too little of it.
    noteTold(base, site, value, root) {
      try {
        noteTold(base, site, value, root);
      } catch {}
    },

    noteHeard(target) {
      noteHeard(target);
      signals.listened(target);
    },

    noteAdded(listener) {
      noteAddedListener(growth, { ...listener, run: runNow() });
    },

    noteEventIterator(iterator, site) {
      setWeak(madeAt, iterator, site);
    },

    noteLineReader(lines, site) {
      setWeak(madeAt, lines, site);
    },

    noteLateListener(emitter, name, siteOf) {
      if (typeof emitter !== 'object' || emitter === null || typeof name !== 'string') return;
      noteListened(emitter, name);
      unread.noteAwaited(emitter, name, siteOf);
      closed.noteAwaited(emitter, name, siteOf);
      noteLate(emitter, name, siteOf);
    },

    iterated(site, iterable) {
      if (typeof iterable !== 'object' || iterable === null || types.isProxy(iterable)) return null;
      const made = getWeak(madeAt, iterable);
      if (made === undefined) return null;
      if (hasLostLines(iterable)) {
        sites.waitFlags(site);
        recorder.write(KIND.fact, LATE, 0, site, recorder.defineText('line'), made, 0);
        return null;
      }
      if (unreadEvents(iterable) < 0) return null;
      return () => growth.noteUnread(iterable, unreadEvents(iterable), site, made);
    },
  };
}
