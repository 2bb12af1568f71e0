/**
 * What piles up: what was counted is written as a fact when it has reached a bound, and again
 * whenever it has doubled. So a thing that grows without end costs a few records. At the end of the
 * process what can be counted anew is.
 *
 *   races        one promise that stays pending, in `Promise.race` again and again
 *   writes       `sink.write(x);` gave false, and nobody looked
 *   unread       events that `events.on` keeps until its iterator is asked
 *   listeners    of one event target (patches/listeners.ts)
 */
import { Writable } from 'node:stream';
import { types } from 'node:util';
import { FACT, KIND } from '../../../trace/format/kinds.ts';
import { builtIns, SafeRef } from '../../../recorder/built-ins.ts';
import type { PromiseInfo } from '../state/activation.ts';
import { isObject, plainProperty } from '../builtins/inspect-safely.ts';
import type { ThreadContext } from './thread-context.ts';

const { apply, getOwnPropertyDescriptor, getPrototypeOf, isArray, getWeak, ownKeys, setWeak } = builtIns;
const GROWTH = FACT.growth;
/** Classes between an answer and what counts its bytes. */
const MAX_CLASSES = 8;

const MIN_RACES = 500;
const MIN_WRITTEN_BYTES = 1 << 20;
const MIN_UNREAD = 1000;
const MAX_RECOUNTED = 1000;
const MAX_AMOUNT = 0xffff_ffff;

/** Node's own: they run no code of the program's. */
const lengthOf = getOwnPropertyDescriptor(Writable.prototype, 'writableLength')?.get;

export interface GrowthNote {
  readonly amount: number;
  /** From here on it is worth a fact. */
  readonly min: number;
  readonly site: number;
  /** What it is that has grown. */
  readonly text: string;
  /** Where what holds it was made; 0: not known. */
  readonly called: number;
}

export interface Growth {
  /** Something has so much now. `note` is asked only when that is worth a fact. */
  note(thing: object, amount: number, min: number, note: () => Omit<GrowthNote, 'amount' | 'min'>): void;
  /** What had grown has gone again. */
  takeBack(thing: object): void;
  /**
   * When the process ends, `count` is asked how much it is then; −1: what it was counts. `ofGone`
   * is that of a thing which is gone.
   */
  recountAtEnd(thing: object, count: (thing: object) => number, ofGone?: number): void;
  /** A promise that is pending took part in a race. */
  noteRace(info: PromiseInfo): void;
  /** `x.write(y);` gave false. */
  noteRefusedWrite(site: number, stream: object): void;
  /** The iterator of `events.on` was asked; `site` is where it is read. */
  noteUnread(iterator: object, size: number, site: number, made: number): void;
  /** Called once, before the process's last record. */
  end(): void;
}

interface Noted extends GrowthNote {
  readonly thing: SafeRef<object>;
  readonly count: Counter;
}

interface Counter {
  readonly of: (thing: object) => number;
  readonly ofGone: number;
}

export function createGrowth({ recorder, sites, errors }: ThreadContext): Growth {
  /** By what has grown: the amount of its last fact. */
  const amounts = new WeakMap<object, number | undefined>();
  const races = new WeakMap<object, number>();
  const counters = new WeakMap<object, Counter>();
  const noted: Noted[] = [];

  function write({ amount, site, text, called }: GrowthNote): void {
    const bounded = amount < MAX_AMOUNT ? amount : MAX_AMOUNT;
    recorder.write(KIND.fact, GROWTH, 0, site, recorder.defineText(text), called, bounded);
  }

  function note(
    thing: object,
    amount: number,
    min: number,
    make: () => Omit<GrowthNote, 'amount' | 'min'>,
  ): void {
    if (amount < min || amount < 2 * (getWeak(amounts, thing) ?? 0)) return;
    const isFirst = getWeak(amounts, thing) === undefined;
    setWeak(amounts, thing, amount);
    const fact = { ...make(), amount, min };
    write(fact);
    const count = getWeak(counters, thing);
    if (isFirst && count !== undefined && noted.length < MAX_RECOUNTED)
      noted[noted.length] = { ...fact, thing: new SafeRef(thing), count };
  }

  return {
    note,

    takeBack(thing) {
      if (getWeak(amounts, thing) === undefined) return;
      setWeak(amounts, thing, undefined);
      for (let i = 0; i < noted.length; i++) {
        const own = noted[i]!;
        if (own.thing.deref() !== thing) continue;
        noted[i] = noted[noted.length - 1]!;
        noted.length--;
        // Of others at the same place it may still be so.
        for (let j = 0; j < noted.length; j++)
          if (noted[j]!.site === own.site && noted[j]!.text === own.text) return;
        return write({ ...own, amount: 0 });
      }
    },

    recountAtEnd(thing, count, ofGone = 0) {
      setWeak(counters, thing, { of: count, ofGone });
    },

    noteRace(info) {
      try {
        const count = (getWeak(races, info) ?? 0) + 1;
        setWeak(races, info, count);
        note(info, count, MIN_RACES, () => {
          if (info.site !== 0) sites.waitFlags(info.site);
          return { site: errors.siteHere(), text: 'races with one promise', called: info.site };
        });
      } catch {
        // Near the end of the stack there may be too little of it.
      }
    },

    noteRefusedWrite(site, stream) {
      // Anything else that has a `write`, and streams that the program made up itself.
      if (types.isProxy(stream)) return;
      const isStream = isObject(plainProperty(stream, '_writableState'));
      const getter = isStream ? lengthOf : lengthOfMessage(stream);
      if (getter === undefined) return;
      const bytes: unknown = apply(getter, stream, []);
      if (typeof bytes !== 'number') return;
      note(stream, bytes, MIN_WRITTEN_BYTES, () => {
        sites.waitFlags(site);
        return { site, text: 'bytes that were written and not yet taken', called: 0 };
      });
    },

    noteUnread(iterator, size, site, made) {
      note(iterator, size, MIN_UNREAD, () => {
        sites.waitFlags(site);
        return { site, text: 'events that nobody has read yet', called: made };
      });
    },

    end() {
      for (let i = 0; i < noted.length; i++) {
        const { thing, count, ...fact } = noted[i]!;
        const left = thing.deref();
        let amount = 0;
        try {
          amount = left === undefined ? count.ofGone : count.of(left);
        } catch {}
        if (amount >= 0) write({ ...fact, amount });
      }
    },
  };
}

/** How many events an iterator of `events.on` keeps; −1: it is none. */
export function unreadEvents(iterator: object): number {
  if (types.isProxy(iterator)) return -1;
  const mark = watermarkMark(iterator);
  const data: unknown = mark === null ? undefined : getOwnPropertyDescriptor(iterator, mark)?.value;
  if (typeof data !== 'object' || data === null) return -1;
  const size = getOwnPropertyDescriptor(data, 'size')?.get;
  const unread: unknown = size === undefined ? undefined : apply(size, data, []);
  return typeof unread === 'number' ? unread : -1;
}

let watermark: symbol | null | undefined;

/** Node marks what an iterator of `events.on` keeps by a symbol that it does not export. */
function watermarkMark(iterator: object): symbol | null {
  if (watermark !== undefined) return watermark;
  if (getPrototypeOf(iterator) === null) return null;
  watermark = null;
  const keys = ownKeys(iterator);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    if (typeof key === 'symbol' && key.description === 'nodejs.watermarkData') watermark = key;
  }
  return watermark;
}

/** A request or an answer of Node's `http` counts by itself; undefined: it is none. */
function lengthOfMessage(message: object): (() => unknown) | undefined {
  if (!isArray(plainProperty(message, 'outputData'))) return undefined;
  let at: unknown = message;
  for (let i = 0; i < MAX_CLASSES && typeof at === 'object' && at !== null; i++) {
    const getter = getOwnPropertyDescriptor(at, 'writableLength')?.get;
    if (getter !== undefined) return isNodesOwn(at) ? getter : undefined;
    at = getPrototypeOf(at);
  }
  return undefined;
}

function isNodesOwn(prototype: object): boolean {
  const made: unknown = getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return typeof made === 'function' && getOwnPropertyDescriptor(made, 'name')?.value === 'OutgoingMessage';
}
