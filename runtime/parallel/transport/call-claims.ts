/**
 * Which of its calls a worker has started, in memory that it shares with its pool. With it the
 * pool can reclaim the calls that stand behind a long one, and knows which calls a worker had
 * started when it died. Each side first says what it is about to do, and then reads what the
 * other side said:
 *
 *   worker   lastStarted := serial   then: is serial in [from, until)? then skip the call
 *   pool     [from, until) := …      then: is lastStarted still below from? then they are reclaimed
 *
 * When the worker was quicker, both may hold for a call. The worker therefore reports each call
 * that it skipped.
 */
const LAST_STARTED = 0;
const RECLAIMED_FROM = 1;
const RECLAIMED_UNTIL = 2;
/** The first of as many words as calls can be under way. */
const OPEN_ACTIVATIONS = 3;

export class CallClaims {
  readonly words: Int32Array;

  /** @param concurrency how many calls the worker has under way at once. */
  static create(concurrency: number): CallClaims {
    return new CallClaims(new Int32Array(new SharedArrayBuffer(4 * (OPEN_ACTIVATIONS + concurrency))));
  }

  constructor(words: Int32Array) {
    this.words = words;
  }

  /** For the worker: claims the call that it is about to start. @returns false if reclaimed. */
  claim(serial: number): boolean {
    Atomics.store(this.words, LAST_STARTED, serial);
    const from = Atomics.load(this.words, RECLAIMED_FROM);
    const until = Atomics.load(this.words, RECLAIMED_UNTIL);
    return ((serial - from) | 0) < 0 || ((until - serial) | 0) <= 0;
  }

  /**
   * Traced: the activations that the worker has begun and not ended. A worker that dies without a
   * word cannot end them. One is there from when its begin is recorded until its end is, so that no
   * end is ever recorded twice.
   */
  get openActivations(): number[] {
    const open: number[] = [];
    for (let i = OPEN_ACTIVATIONS; i < this.words.length; i++) {
      const id = Atomics.load(this.words, i) >>> 0;
      if (id !== 0) open.push(id);
    }
    return open;
  }

  /** For the worker. */
  openActivation(id: number): void {
    this.#replaceActivation(0, id);
  }

  /** For the worker. */
  closeActivation(id: number): void {
    this.#replaceActivation(id, 0);
  }

  #replaceActivation(from: number, to: number): void {
    for (let i = OPEN_ACTIVATIONS; i < this.words.length; i++)
      if (Atomics.compareExchange(this.words, i, from, to) === (from | 0)) return;
  }

  /** The serial of the call that the worker started last. */
  get lastStarted(): number {
    return Atomics.load(this.words, LAST_STARTED);
  }

  /**
   * For the pool: reclaims the calls behind the one that the worker started last.
   * @param until the serial of the next call that will be assigned.
   * @returns the first serial that is surely reclaimed; null when the worker went on meanwhile, and
   *   reports itself what it skipped.
   */
  reclaim(until: number): number | null {
    const from = (this.lastStarted + 1) | 0;
    Atomics.store(this.words, RECLAIMED_UNTIL, until);
    Atomics.store(this.words, RECLAIMED_FROM, from);
    return ((this.lastStarted - from) | 0) < 0 ? from : null;
  }
}
