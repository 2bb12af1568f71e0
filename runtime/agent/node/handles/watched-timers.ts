/**
 * The timers that may keep a process alive or let it end too early, with the line that made them:
 * intervals, timeouts of a second and more, and those that were unref-ed. It holds them weakly; a
 * list that has grown is cleared of the timers that are over.
 */
import { builtIns } from '../../../recorder/built-ins.ts';
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

interface Entry extends WatchedTimer {
  readonly timer: WeakRef<Timer>;
}

/** A shorter timeout is over before anybody could ask. */
const MIN_LONG_MS = 1000;
const MIN_PRUNED = 64;
const MAX_ENTRIES = 4096;
const { apply, getOwnPropertyDescriptor, getPrototypeOf } = builtIns;

class TimerList {
  #entries: Entry[] = [];
  #pruneAt = MIN_PRUNED;

  add(entry: Entry): void {
    if (this.#entries.length >= this.#pruneAt) {
      this.#entries = this.alive();
      if (this.#entries.length >= MAX_ENTRIES) this.#entries = [];
      this.#pruneAt = builtIns.max(MIN_PRUNED, this.#entries.length * 2);
    }
    this.#entries[this.#entries.length] = entry;
  }

  alive(): Entry[] {
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
      this.#made.add(this.#entryOf(textOf(name, delay), timer as Timer));
  }

  /** Those that keep the process alive. */
  keepingAlive(): readonly WatchedTimer[] {
    return this.#made.alive().filter((entry) => this.#isRef(entry));
  }

  /** Those that wait and do not keep the process alive. */
  unrefed(): readonly WatchedTimer[] {
    return this.#unrefed.alive().filter((entry) => !this.#isRef(entry));
  }

  restore(): void {
    this.#restoreUnref();
  }

  #isRef({ timer }: Entry): boolean {
    const alive = deref(timer);
    return alive !== undefined && this.#hasRef !== null && apply(this.#hasRef, alive, []) === true;
  }

  #entryOf(text: string, timer: Timer): Entry {
    const creator = this.#origins.creator();
    return { ...this.#origins.placeHere(), text, timer: new WeakRef(timer), creator };
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
      const entry = this.#entryOf(textOf('setTimeout', delay), timer as Timer);
      // Nor for a timer of a package's, or of Node's own `fetch`.
      if (entry.isDirect) this.#unrefed.add(entry);
    } catch {
      // It is no timer of Node's.
    }
  }
}

const textOf = (name: string, delay: unknown): string =>
  typeof delay === 'number' ? `${name} ${delay} ms` : name;
