/** Tells the editor how much of a large recording was read. A small one needs no words. */
const FIRST_AFTER_MS = 300;
const BETWEEN_MS = 200;

export class ProgressReport {
  readonly #isWanted: boolean;
  readonly #nowMs: () => number;
  readonly #send: (event: string, body: object) => void;
  readonly #startMs: number;
  #nextMs: number;
  #isShown = false;
  #hasEnded = false;

  constructor(isWanted: boolean, nowMs: () => number, send: (event: string, body: object) => void) {
    this.#isWanted = isWanted;
    this.#nowMs = nowMs;
    this.#send = send;
    this.#startMs = nowMs();
    this.#nextMs = this.#startMs + FIRST_AFTER_MS;
  }

  /** @param share 0 to 1 */
  advance(share: number): void {
    if (!this.#isWanted || this.#hasEnded || this.#nowMs() < this.#nextMs) return;
    this.#nextMs = this.#nowMs() + BETWEEN_MS;
    const percentage = Math.round(share * 100);
    if (this.#isShown) this.#send('progressUpdate', { progressId: 'open', percentage });
    else this.#send('progressStart', { progressId: 'open', title: 'Simul reads the recording', percentage });
    this.#isShown = true;
  }

  end(): void {
    if (this.#isShown && !this.#hasEnded) this.#send('progressEnd', { progressId: 'open' });
    this.#hasEnded = true;
  }
}
