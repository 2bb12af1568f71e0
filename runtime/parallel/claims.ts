/**
 * Which of its jobs a worker has begun, in memory that it shares with its pool: so that the pool can take back those that stand behind a long one,
 * and knows when the worker dies which were touched. Each side says first what it is about to do, and looks then at what the other said:
 *
 *   worker   begun := serial      then: is serial in [from, until)? then leave it out
 *   pool     [from, until) := …   then: is begun still below from? then all of them are its own again
 *
 * When the worker was quicker, both may be true of a job: the worker tells of each that it left out.
 */
const BEGUN = 0;
const FROM = 1;
const UNTIL = 2;
const OPEN = 3;

export class Claims {
  readonly words: Int32Array;

  constructor(words: Int32Array = new Int32Array(new SharedArrayBuffer(16))) {
    this.words = words;
  }

  /** The worker's: it begins this job. false: it was taken back. */
  begin(serial: number): boolean {
    Atomics.store(this.words, BEGUN, serial);
    const from = Atomics.load(this.words, FROM);
    const until = Atomics.load(this.words, UNTIL);
    return ((serial - from) | 0) < 0 || ((until - serial) | 0) <= 0;
  }

  /**
   * Traced: the activation that the worker has begun and not ended, or 0; a worker that dies without a word cannot end it. Set after its beginning
   * was written and unset before its end is, so that no end is ever written twice.
   */
  get open(): number {
    return Atomics.load(this.words, OPEN) >>> 0;
  }
  set open(id: number) {
    Atomics.store(this.words, OPEN, id);
  }

  /** The serial of the job that was begun last. */
  get last(): number {
    return Atomics.load(this.words, BEGUN);
  }

  /**
   * The pool's: none of the jobs behind the one that was begun last is to begin.
   * @param until the serial of the next that will be given
   * @returns the first that surely does not; null when the worker went on meanwhile, and says itself what it left out.
   */
  takeBack(until: number): number | null {
    const from = (this.last + 1) | 0;
    Atomics.store(this.words, UNTIL, until);
    Atomics.store(this.words, FROM, from);
    return ((this.last - from) | 0) < 0 ? from : null;
  }
}
