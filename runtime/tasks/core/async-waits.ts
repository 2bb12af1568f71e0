/**
 * What the async function of a task waits for: a future at each `await` where it stands, or where
 * an async function stands that it called. Cancelling the task gives up these, and nothing else: a
 * `then` or `catch` of the user's is a handler, and what is left behind in a `Promise.race` that is
 * over is no wait any more.
 *
 *   the function reads `then` ─▶ it pauses ─▶ V8 calls that `then` ─▶ a wait ─▶ its future ends
 *
 * Between the first two it may read others: those are what `combined-waits.ts` tells apart.
 */
import { CombinedWaits, thenReader } from './combined-waits.ts';
import type { CancelledError } from './errors.ts';
import type { AsyncWait, FutureLike, ThenRead } from './runner.ts';
import { scheduler } from './runner.ts';

/** Reads of `then` in one go that are told apart; further ones are taken as the last of those. */
const MAX_TOLD_APART = 1000;
/** The read of an `await` that is not the first in its go. */
const AWAIT = -1;

/** Whose waits they are. */
interface Owner {
  /** One of its waits now; null: there is none. */
  waitsFor(wait: AsyncWait | null): void;
}

export class AsyncWaits {
  readonly #owner: Owner;
  /** Those that last; each knows its index. One that ends leaves its place to the last. */
  readonly #waits: AsyncWait[] = [];
  /** The combinators that may still be waited for. */
  #combined: Set<CombinedWaits> | null = null;
  /** The scheduler's number of the step after which the function reads now. */
  #serial = -1;
  /** How often it read in that go. */
  #reads = 0;
  #lastRead: ThenRead = AWAIT;
  /** What the first read of that go turned out to belong to. */
  #combinedWithFirst: CombinedWaits | null = null;

  constructor(owner: Owner) {
    this.#owner = owner;
  }

  /** One of its futures, for the words of its state; null: it waits for none. */
  get first(): AsyncWait | null {
    return this.#waits[0] ?? null;
  }

  /** The function reads the `then` of a future. @param getter what reads. */
  read(getter: (...args: never[]) => unknown): ThenRead {
    const { serial } = scheduler;
    if (this.#serial !== serial) {
      this.#serial = serial;
      this.#reads = 0;
      this.#combinedWithFirst = null;
    }
    const isFirst = this.#reads === 0;
    if (isFirst && (this.#combined === null || this.#combined.size === 0)) return this.#noteRead(serial);
    if (this.#reads >= MAX_TOLD_APART) {
      if (this.#lastRead instanceof CombinedWaits) this.#lastRead.expect();
      return this.#noteRead(this.#lastRead);
    }
    const { combinator, caller } = thenReader(getter);
    if (combinator === null) {
      for (const combined of this.#combined ?? []) if (combined.caller === caller) this.#end(combined);
      this.#owner.waitsFor(this.first);
      return this.#noteRead(isFirst ? serial : AWAIT);
    }
    let combined = this.#lastRead instanceof CombinedWaits && !isFirst ? this.#lastRead : null;
    if (combined === null || combined.combinator !== combinator || combined.caller !== caller) {
      combined = new CombinedWaits(combinator, caller);
      (this.#combined ??= new Set()).add(combined);
      // The read before it was not looked at; most likely it was of the same call.
      if (this.#reads === 1) {
        this.#combinedWithFirst = combined;
        combined.expect();
      }
    }
    combined.expect();
    return this.#noteRead(combined);
  }

  /** The last read was for a handler. */
  forgetRead(): void {
    this.#reads--;
    this.#lastRead = AWAIT;
  }

  #noteRead(read: ThenRead): ThenRead {
    this.#reads++;
    this.#lastRead = read;
    return read;
  }

  /** V8 calls the `then` that was read. @returns false when that wait is over already. */
  add(wait: AsyncWait, read: ThenRead): boolean {
    let combined: CombinedWaits | null = null;
    if (read instanceof CombinedWaits) combined = read;
    else if (read === this.#serial) combined = this.#combinedWithFirst;
    if (combined !== null) {
      if (combined.isOver) return false;
      wait.combined = combined;
      combined.add(wait);
    }
    wait.index = this.#waits.push(wait) - 1;
    this.#owner.waitsFor(this.first);
    return true;
  }

  /** The future of a wait has ended. */
  ended(wait: AsyncWait): void {
    this.#remove(wait);
    const combined = wait.combined as CombinedWaits | null;
    if (combined !== null && combined.memberEnded(wait)) this.#end(combined);
    this.#owner.waitsFor(this.first);
  }

  #end(combined: CombinedWaits): void {
    this.#combined?.delete(combined);
    for (const wait of combined.end()) {
      this.#remove(wait);
      wait.becomeHandler();
    }
  }

  #remove(wait: AsyncWait): void {
    const { index } = wait;
    if (this.#waits[index] !== wait) return;
    const last = this.#waits.pop()!;
    if (last === wait) return;
    this.#waits[index] = last;
    last.index = index;
  }

  /** How many futures of the library are waited for that do not only wait for promises. */
  countOwn(): number {
    return this.#waits.filter((wait) => !wait.future.isForeign).length;
  }

  futures(): FutureLike[] {
    return this.#waits.map(({ future }) => future);
  }

  /** Gives up all that is waited for. @returns whether a wait was there. */
  cancel(error: CancelledError): boolean {
    let isTaken = false;
    for (const wait of [...this.#waits]) if (wait.future.cancel(error)) isTaken = true;
    return isTaken;
  }

  /** Wakes the function from its waits as if they had ended. */
  abandon(): void {
    for (const wait of [...this.#waits]) wait.abandon();
  }
}
