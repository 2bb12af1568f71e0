/**
 * Which range of time is in view. Widths are device pixels. A pan is by whole pixels: what was
 * painted can then be moved, and only the strip that came into view is painted. Following keeps
 * the end of a living trace near the right edge.
 */
const MAX_UNDO_RANGES = 64;
const MIN_NS_PER_PIXEL = 0.05;
/** Room at both ends of a trace that is shown whole, as a share of it. */
const FIT_MARGIN = 0.015;
/** While following, the end of the trace is at this share of the width. */
const END_AT = 0.9;

export interface TimeRange {
  readonly startNs: number;
  readonly endNs: number;
}

export class View {
  startNs = 0;
  nsPerPixel = 1000;
  width = 1;
  following = true;
  /** Changes with every move that is not a pan: then all must be painted again. */
  scaleVersion = 0;
  readonly #undoRanges: TimeRange[] = [];

  get endNs(): number {
    return this.startNs + this.width * this.nsPerPixel;
  }

  pixelAt(atNs: number): number {
    return (atNs - this.startNs) / this.nsPerPixel;
  }

  timeAt(px: number): number {
    return this.startNs + px * this.nsPerPixel;
  }

  resize(width: number): void {
    const range = { startNs: this.startNs, endNs: this.endNs };
    this.width = Math.max(1, width);
    this.#setRange(range);
  }

  /** Moves the picture by whole pixels to the left. */
  pan(px: number): void {
    this.startNs += Math.round(px) * this.nsPerPixel;
  }

  /** A factor above 1 shows more time, at most `maxNs`; what is at `px` stays there. */
  zoom(px: number, factor: number, maxNs: number): void {
    const atNs = this.timeAt(px);
    const wanted = Math.max(this.nsPerPixel * factor, MIN_NS_PER_PIXEL);
    this.nsPerPixel = Math.min(wanted, Math.max(1, maxNs) / this.width);
    this.startNs = atNs - px * this.nsPerPixel;
    this.scaleVersion++;
  }

  /** Shows a range; `undoMove` goes back to the one before. */
  showRange(range: TimeRange): void {
    this.rememberRange();
    this.#setRange(range);
  }

  /** `undoMove` will come back to what is shown now. */
  rememberRange(): void {
    const last = this.#undoRanges.at(-1);
    if (last?.startNs === this.startNs && last.endNs === this.endNs) return;
    this.#undoRanges.push({ startNs: this.startNs, endNs: this.endNs });
    if (this.#undoRanges.length > MAX_UNDO_RANGES) this.#undoRanges.shift();
  }

  /** @returns whether there was a move to undo. */
  undoMove(): boolean {
    const range = this.#undoRanges.pop();
    if (!range) return false;
    this.#setRange(range);
    return true;
  }

  /** Shows the range with a little room at both ends. */
  fit(startNs: number, endNs: number): void {
    const marginNs = Math.max(endNs - startNs, 1) * FIT_MARGIN;
    this.#setRange({ startNs: startNs - marginNs, endNs: endNs + marginNs });
  }

  /** Shows a trace that is no longer than `maxNs` whole, and the end of a longer one. */
  followEnd(firstNs: number, traceEndNs: number, maxNs: number): void {
    const rangeNs = this.width * this.nsPerPixel;
    const traceNs = traceEndNs - firstNs;
    if (traceNs <= maxNs) {
      // Room for what comes, so that not every record makes a new scale.
      if (this.endNs < traceEndNs || rangeNs > traceNs * 1.5 || this.startNs > firstNs)
        this.fit(firstNs, traceEndNs + traceNs * 0.2);
      return;
    }
    if (rangeNs > maxNs * 1.5 || rangeNs < traceEndNs / 1e6)
      this.#setRange({
        startNs: traceEndNs - maxNs * END_AT,
        endNs: traceEndNs + maxNs * (1 - END_AT),
      });
    const behindNs = traceEndNs - (this.startNs + rangeNs * END_AT);
    this.pan(behindNs / this.nsPerPixel);
  }

  #setRange(range: TimeRange): void {
    this.nsPerPixel = Math.max((range.endNs - range.startNs) / this.width, MIN_NS_PER_PIXEL);
    this.startNs = range.startNs;
    this.scaleVersion++;
  }
}
