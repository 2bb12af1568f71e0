/**
 * The timers that may keep a process alive or let it end too early, with the line that made them:
 * intervals, timeouts of a second and more, and those that were unref-ed. It holds them weakly; a
 * list that has grown is cleared of the timers that are over.
 *
 * Most are cleared soon (the limit of a request), and a weak reference costs ten times what the
 * timer does: the newest are held as they are, until they have fired or others are newer. Node has
 * let go of what a cleared one would have called.
 */
import { builtIns } from '../../../recorder/built-ins.ts';
import { timerLabel } from '../builtins/timer-label.ts';
import { replaceBuiltin } from '../builtins/replace-builtin.ts';
import type { Origins, Place } from './origins.ts';

/** What is read of a timer of Node's. */
interface Timer {
  readonly _destroyed?: boolean;
  hasRef(): boolean;
}

export interface WatchedTimer extends Place {
  /** "setInterval 10000 ms" */
  readonly text: string;
  /** Id of the activation that made it, or 0. */
  readonly creator: number;
}

/** What is known of a timer; its text is made only for those that are told of. */
interface Making {
  readonly name: string;
  readonly delay: unknown;
  readonly creator: number;
  readonly place: Place;
}

interface Entry extends Making {
  readonly timer: WeakRef<Timer>;
}

/** A timer that was made a moment ago. */
interface NewEntry extends Making {
  readonly timer: Timer;
}

/** A shorter timeout is over before anybody could ask. */
const MIN_LONG_MS = 1000;
const MIN_PRUNED = 64;
const MAX_ENTRIES = 4096;
const MAX_NEW = 32;
const { apply, getOwnPropertyDescriptor, getPrototypeOf } = builtIns;

class TimerList {
  #entries: Entry[] = [];
  #pruneAt = MIN_PRUNED;
  /** A ring: the oldest stands where the next one comes to. */
  readonly #new: (NewEntry | null)[] = [];
  #nextNew = 0;

  constructor() {
    for (let i = 0; i < MAX_NEW; i++) this.#new[i] = null;
  }

  add(entry: NewEntry): void {
    const oldest = this.#new[this.#nextNew]!;
    this.#new[this.#nextNew] = entry;
    this.#nextNew = (this.#nextNew + 1) % MAX_NEW;
    if (oldest !== null && oldest.timer._destroyed !== true) this.keep(oldest);
  }

  /** It may be over; from now on it is held weakly. */
  letGo(timer: object): void {
    for (let i = 0; i < MAX_NEW; i++) {
      const entry = this.#new[i]!;
      if (entry?.timer !== timer) continue;
      this.#new[i] = null;
      this.keep(entry);
    }
  }

  alive(): Entry[] {
    for (let i = 0; i < MAX_NEW; i++) {
      // The oldest first.
      const at = (this.#nextNew + i) % MAX_NEW;
      const entry = this.#new[at]!;
      this.#new[at] = null;
      if (entry !== null && entry.timer._destroyed !== true) this.keep(entry);
    }
    return this.#aliveKept();
  }

  /** Holds it weakly from the start. */
  keep({ timer, name, delay, creator, place }: NewEntry): void {
    if (this.#entries.length >= this.#pruneAt) {
      this.#entries = this.#aliveKept();
      if (this.#entries.length >= MAX_ENTRIES) this.#entries = [];
      this.#pruneAt = builtIns.max(MIN_PRUNED, this.#entries.length * 2);
    }
    this.#entries[this.#entries.length] = { timer: new WeakRef(timer), name, delay, creator, place };
  }

  #aliveKept(): Entry[] {
    const alive: Entry[] = [];
    for (let i = 0; i < this.#entries.length; i++) {
      const entry = this.#entries[i]!;
      const timer = deref(entry.timer);
      if (timer !== undefined && timer._destroyed !== true) alive[alive.length] = entry;
    }
    return alive;
  }
}

const { deref: derefMethod } = WeakRef.prototype;
const deref = (ref: WeakRef<Timer>): Timer | undefined => apply(derefMethod, ref, []) as Timer | undefined;

export class WatchedTimers {
  readonly #origins: Origins;
  readonly #made = new TimerList();
  readonly #unrefed = new TimerList();
  #hasRef: (() => boolean) | null = null;
  #restoreUnref = (): void => {};

  constructor(origins: Origins) {
    this.#origins = origins;
  }

  /** `timer` was made by `setTimeout` or `setInterval` just now. */
  noteMade(name: string, delay: unknown, timer: unknown): void {
    if (typeof timer !== 'object' || timer === null) return;
    if (this.#hasRef === null) this.#watchUnref(timer);
    if (name === 'setInterval' || (typeof delay === 'number' && delay >= MIN_LONG_MS))
      this.#made.add(this.#entryOf(name, delay, timer as Timer));
  }

  /** `timer`, of so many ms, calls its callback now. */
  noteFired(delay: unknown, timer: object): void {
    if (typeof delay === 'number' && delay >= MIN_LONG_MS) this.#made.letGo(timer);
  }

  /** Those that keep the process alive. */
  keepingAlive(): readonly WatchedTimer[] {
    return shown(this.#made.alive().filter((entry) => this.#isRef(entry)));
  }

  /** Those that wait and do not keep the process alive. */
  unrefed(): readonly WatchedTimer[] {
    return shown(this.#unrefed.alive().filter((entry) => !this.#isRef(entry)));
  }

  restore(): void {
    this.#restoreUnref();
  }

  #isRef({ timer }: Entry): boolean {
    const alive = deref(timer);
    return alive !== undefined && this.#hasRef !== null && apply(this.#hasRef, alive, []) === true;
  }

  #entryOf(name: string, delay: unknown, timer: Timer): NewEntry {
    return { timer, name, delay, creator: this.#origins.creator(), place: this.#origins.placeHere() };
  }

  /** The class of timers is known by its first one. */
  #watchUnref(timer: object): void {
    const prototype = getPrototypeOf(timer);
    if (prototype === null) return;
    const hasRef: unknown = getOwnPropertyDescriptor(prototype, 'hasRef')?.value;
    if (typeof hasRef !== 'function') return;
    this.#hasRef = hasRef as () => boolean;
    const note = (unrefed: object): void => this.#noteUnref(unrefed);
    this.#restoreUnref = replaceBuiltin(prototype, 'unref', (original) => {
      return {
        unref(this: object, ...args: unknown[]): unknown {
          note(this);
          return apply(original, this, args);
        },
      }.unref;
    });
  }

  #noteUnref(timer: object): void {
    try {
      const { _repeat: repeat, _idleTimeout: delay } = timer as { _repeat?: unknown; _idleTimeout?: unknown };
      // An unref-ed interval does some housekeeping: nobody waits for it.
      if (repeat !== null) return;
      const entry = this.#entryOf('setTimeout', delay, timer as Timer);
      // Nor for a timer of a package's, or of Node's own `fetch`.
      if (entry.place.isDirect) this.#unrefed.keep(entry);
    } catch {
      // It is no timer of Node's.
    }
  }
}

const shown = (entries: readonly Making[]): readonly WatchedTimer[] =>
  entries.map(({ name, delay, creator, place }) => ({ ...place, text: timerLabel(name, delay), creator }));
