/**
 * Which stretch of time is in view. Widths are in device pixels; a pan is by whole pixels, so that what was
 * painted can be moved and only the strip that came into view is painted. Following keeps the newest at the right edge.
 */
const UNDO_STEPS = 64;
const MIN_NS_PER_PIXEL = 0.05;

export interface Range {
  readonly startNs: number;
  readonly endNs: number;
}

export class View {
  startNs = 0;
  nsPerPixel = 1000;
  width = 1;
  follow = true;
  /** Changes with every move that is not a pan. */
  scaleNumber = 0;
  readonly #undo: Range[] = [];

  get endNs(): number {
    return this.startNs + this.width * this.nsPerPixel;
  }

  pixel(t: number): number {
    return (t - this.startNs) / this.nsPerPixel;
  }

  time(px: number): number {
    return this.startNs + px * this.nsPerPixel;
  }

  resize(width: number): void {
    const range = { startNs: this.startNs, endNs: this.endNs };
    this.width = Math.max(1, width);
    this.#show(range);
  }

  /** Moves the picture by whole pixels to the left. */
  pan(px: number): void {
    this.startNs += Math.round(px) * this.nsPerPixel;
  }

  zoom(px: number, factor: number, most: number): void {
    const t = this.time(px);
    const wanted = this.nsPerPixel * factor;
    this.nsPerPixel = Math.min(Math.max(wanted, MIN_NS_PER_PIXEL), Math.max(1, most) / this.width);
    this.startNs = t - px * this.nsPerPixel;
    this.scaleNumber++;
  }

  /** Shows a range, and remembers what was shown. */
  go(range: Range): void {
    this.remember();
    this.#show(range);
  }

  remember(): void {
    const last = this.#undo.at(-1);
    if (last?.startNs === this.startNs && last.endNs === this.endNs) return;
    this.#undo.push({ startNs: this.startNs, endNs: this.endNs });
    if (this.#undo.length > UNDO_STEPS) this.#undo.shift();
  }

  undo(): boolean {
    const range = this.#undo.pop();
    if (!range) return false;
    this.#show(range);
    return true;
  }

  /** All from the first task on, with a little air at both ends: what a program's start-up took says nothing of its tasks. */
  fit(startNs: number, endNs: number): void {
    const air = Math.max(endNs - startNs, 1) * 0.015;
    this.#show({ startNs: startNs - air, endNs: endNs + air });
  }

  /** The newest at nine tenths of the width; a trace that fits is shown whole. */
  tail(firstNs: number, traceEndNs: number, mostNs: number): void {
    const span = this.width * this.nsPerPixel;
    const lived = traceEndNs - firstNs;
    if (lived <= mostNs) {
      if (this.endNs < traceEndNs || span > lived * 1.5 || this.startNs > firstNs) {
        this.fit(firstNs, traceEndNs + lived * 0.2);
      }
      return;
    }
    if (span > mostNs * 1.5 || span < traceEndNs / 1e6)
      this.#show({ startNs: traceEndNs - mostNs * 0.9, endNs: traceEndNs + mostNs * 0.1 });
    const behind = traceEndNs - (this.startNs + span * 0.9);
    this.pan(behind / this.nsPerPixel);
  }

  #show(range: Range): void {
    this.nsPerPixel = Math.max((range.endNs - range.startNs) / this.width, MIN_NS_PER_PIXEL);
    this.startNs = range.startNs;
    this.scaleNumber++;
  }
}
