/**
 * Events that came too early: emitted while nobody listened, or kept by an iterator that is read
 * too slowly, or gone when the loop over them began. It looks at what the user's own calls and
 * loops show; no emitter is changed.
 */
import { Readable } from 'node:stream';
import { types } from 'node:util';
import { FACT, KIND } from '../../../trace/format/kinds.ts';
import { builtIns } from '../../../recorder/built-ins.ts';
import { plainProperty } from '../builtins/inspect-safely.ts';
import { unreadEvents } from './growth.ts';
import type { ProbeContext } from './probe-context.ts';

const { getWeak, indexOf, setWeak } = builtIns;
const LATE = FACT['late-listener'];

interface Unheard {
  readonly site: number;
  count: number;
}

/** By emitter: the last `emit` that nobody heard. */
const unheard = new WeakMap<object, Unheard>();
/** By iterator of `events.on`, and by line reader: where it was made. */
const madeAt = new WeakMap<object, number>();

export interface EventProbes {
  /** `x.write(y);` or `x.emit(y);` gave false. */
  noteUntaken(site: number, root: unknown): void;
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
  const isReadable = typeof plainProperty(input, '_readableState') === 'object';
  return isReadable && didRead !== undefined && builtIns.apply(didRead, input, []) === true;
}

export function eventProbes({ recorder, sites, growth, targets }: ProbeContext): EventProbes {
  return {
    noteUntaken(site, root) {
      const object = targets.receivers.objectAt(site, root);
      if (object === null) return;
      if (sites.tells(site) === 'write') return growth.noteRefusedWrite(site, object);
      const known = getWeak(unheard, object);
      setWeak(unheard, object, { site, count: (known?.count ?? 0) + 1 });
    },

    noteEventIterator(iterator, site) {
      setWeak(madeAt, iterator, site);
    },

    noteLineReader(lines, site) {
      setWeak(madeAt, lines, site);
    },

    noteLateListener(emitter, name, siteOf) {
      if (typeof emitter !== 'object' || emitter === null || typeof name !== 'string') return;
      const early = getWeak(unheard, emitter);
      // The event's name, as far as the call has it as a text.
      if (
        early === undefined ||
        indexOf(sites.text(early.site), `'${name}'`) + indexOf(sites.text(early.site), `"${name}"`) < -1
      )
        return;
      sites.waitFlags(early.site);
      recorder.write(KIND.fact, LATE, 0, siteOf(), recorder.defineText(name), early.site, early.count);
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
