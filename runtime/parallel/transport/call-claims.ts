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
const OPEN_ACTIVATION = 3;

export class CallClaims {
  readonly words: Int32Array;

  constructor(words: Int32Array = new Int32Array(new SharedArrayBuffer(16))) {
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
   * Traced: the activation that the worker has begun and not ended, or 0. A worker that dies
   * without a word cannot end it. It is set after the activation's begin is recorded and cleared
   * before its end is, so that no end is ever recorded twice.
   */
  get openActivation(): number {
    return Atomics.load(this.words, OPEN_ACTIVATION) >>> 0;
  }
  set openActivation(id: number) {
    Atomics.store(this.words, OPEN_ACTIVATION, id);
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
