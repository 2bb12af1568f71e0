/**
 * Small blocks of a living program go on together. They come thirty times a second, and each takes
 * its way through two workers and back as credit; there are ten pictures a second. What comes after
 * a rest goes on at once, and so do blocks that are large together.
 */

export interface Block {
  readonly part: number;
  readonly bytes: ArrayBuffer;
}

/** As long as between two pictures of a living program (worker/fold-queue.ts). */
export const GATHER_MS = 100;
export const MAX_GATHERED_BYTES = 16_384;

export interface BatchTimes {
  /** Milliseconds. */
  now(): number;
  after(ms: number, run: () => void): void;
}

const PAGE_TIMES: BatchTimes = {
  now: () => performance.now(),
  after: (ms, run) => void setTimeout(run, ms),
};

export class BlockBatch {
  readonly #send: (blocks: readonly Block[]) => void;
  readonly #times: BatchTimes;
  #blocks: Block[] = [];
  #bytes = 0;
  #sentAtMs = Number.NEGATIVE_INFINITY;
  #isScheduled = false;

  constructor(send: (blocks: readonly Block[]) => void, times: BatchTimes = PAGE_TIMES) {
    this.#send = send;
    this.#times = times;
  }

  push(block: Block): void {
    this.#blocks.push(block);
    this.#bytes += block.bytes.byteLength;
    const waitMs = this.#sentAtMs + GATHER_MS - this.#times.now();
    if (waitMs <= 0 || this.#bytes >= MAX_GATHERED_BYTES) return this.flush();
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#times.after(waitMs, () => {
      this.#isScheduled = false;
      this.flush();
    });
  }

  get isEmpty(): boolean {
    return this.#blocks.length === 0;
  }

  /** Sends what is gathered. */
  flush(): void {
    const blocks = this.#blocks;
    if (blocks.length === 0) return;
    this.clear();
    this.#sentAtMs = this.#times.now();
    this.#send(blocks);
  }

  /** Forgets what is gathered: it is of a trace that is no longer shown. */
  clear(): void {
    this.#blocks = [];
    this.#bytes = 0;
  }
}
