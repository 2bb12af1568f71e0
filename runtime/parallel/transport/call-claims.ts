/**
 * Which of its jobs a worker has begun, in memory that it shares with its pool: so that the pool can take back those that stand behind a long one,
 * and knows when the worker dies which were touched. Each side says first what it is about to do, and looks then at what the other said:
 *
 *   worker   begun := serial      then: is serial in [from, until)? then leave it out
 *   pool     [from, until) := …   then: is begun still below from? then all of them are its own again
 *
 * When the worker was quicker, both may be true of a job: the worker tells of each that it left out.
 */
const LAST_BEGUN = 0;
const RECLAIMED_FROM = 1;
const RECLAIMED_UNTIL = 2;
const OPEN_ACTIVATION = 3;

export class CallClaims {
  readonly words: Int32Array;

  constructor(words: Int32Array = new Int32Array(new SharedArrayBuffer(16))) {
    this.words = words;
  }

  /** The worker's: it begins this job. false: it was taken back. */
  claim(serial: number): boolean {
    Atomics.store(this.words, LAST_BEGUN, serial);
    const from = Atomics.load(this.words, RECLAIMED_FROM);
    const until = Atomics.load(this.words, RECLAIMED_UNTIL);
    return ((serial - from) | 0) < 0 || ((until - serial) | 0) <= 0;
  }

  /**
   * Traced: the activation that the worker has begun and not ended, or 0; a worker that dies without a word cannot end it. Set after its beginning
   * was written and unset before its end is, so that no end is ever written twice.
   */
  get open(): number {
    return Atomics.load(this.words, OPEN_ACTIVATION) >>> 0;
  }
  set open(id: number) {
    Atomics.store(this.words, OPEN_ACTIVATION, id);
  }

  /** The serial of the job that was begun last. */
  get lastBegun(): number {
    return Atomics.load(this.words, LAST_BEGUN);
  }

  /**
   * The pool's: none of the jobs behind the one that was begun last is to begin.
   * @param until the serial of the next that will be given
   * @returns the first that surely does not; null when the worker went on meanwhile, and says itself what it left out.
   */
  reclaim(until: number): number | null {
    const from = (this.lastBegun + 1) | 0;
    Atomics.store(this.words, RECLAIMED_UNTIL, until);
    Atomics.store(this.words, RECLAIMED_FROM, from);
    return ((this.lastBegun - from) | 0) < 0 ? from : null;
  }
}
