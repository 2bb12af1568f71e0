/**
 * The big canvas. Rows are painted into a frame of pixels that is kept: a pan moves it and paints the strip that came
 * into view, new records paint the strip at the end. What is text or belongs to the selection is laid over it
 * at each frame (overlay.ts).
 *
 * While a view is zoomed or scrolled there is a picture every frame, if need be a coarse one: coverage is then asked of every
 * second, fourth or eighth pixel, by what the last pictures took, and the picture is painted anew, exact, as soon as the
 * view has stood still for two frames. What a picture took is measured by the clock, and a busy machine makes any take long:
 * one slow picture alone coarsens nothing, and an exact one in time takes all coarseness back.
 */
import { Class } from '../../runtime/trace/columns/classes.ts';
import { cover, COVER_SHARES } from '../../runtime/trace/columns/cover.ts';
import { Painter, type Palette } from '../../runtime/trace/columns/paint.ts';
import type { Row } from './rows.ts';
import type { Session } from './session.ts';
import type { View } from './view.ts';

/** Patterns look at their neighbours: a strip is painted this much wider. */
const STRIP_MARGIN_PX = 8;
/** What painting all may take while the view moves: of the 16.7 ms of a frame, what the layers over it leave. */
const BUDGET_MS = 10;
const COARSEST_PX = 8;
const STILL_FRAMES = 2;
const SLOW_PICTURES = 2;

export class LanesPicture {
  readonly #context: OffscreenCanvasRenderingContext2D;
  readonly #canvas: OffscreenCanvas;
  #painter: Painter | null = null;
  #image = new ImageData(1, 1);
  #pixels = new Uint32Array(this.#image.data.buffer);
  #shares = new Float32Array(8);
  #paintedScale = -1;
  #paintedStartNs = 0;
  #paintedEndNs = 0;
  #paintedTop = -1;
  #paintedRows: readonly Row[] | null = null;
  /** Pixels that share one coverage in what is painted; 1: exact. */
  #grainPx = 1;
  /** The grain that the budget allows, judged by the last pictures of a moving view. */
  #affordablePx = 1;
  /** So many of the last pictures, one after the other, were over the budget. */
  #slow = 0;
  #stillFrames = 0;
  readonly #now: () => number;

  constructor(canvas: OffscreenCanvas, now: () => number = () => performance.now()) {
    this.#now = now;
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d', { alpha: false })!;
  }

  get context(): OffscreenCanvasRenderingContext2D {
    return this.#context;
  }
  get width(): number {
    return this.#image.width;
  }
  get height(): number {
    return this.#image.height;
  }

  set palette(palette: Palette) {
    if (this.#painter) this.#painter.palette = palette;
    else this.#painter = new Painter(palette);
    this.forget();
  }

  resize(width: number, height: number): void {
    this.#canvas.width = Math.max(1, width);
    this.#canvas.height = Math.max(1, height);
    this.#image = new ImageData(this.#canvas.width, this.#canvas.height);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
    this.#shares = new Float32Array((this.#canvas.width + 1) * COVER_SHARES);
    this.forget();
  }

  /** Nothing that was painted holds any more. */
  forget(): void {
    this.#paintedScale = -1;
  }

  /** Brings the frame up to date and puts it onto the canvas. @returns whether it is coarse: another frame is wanted. */
  draw(session: Session, view: View, topPx: number, ratio: number): boolean {
    if (!this.#painter) return false;
    const { width } = this;
    const traceEndNs = session.trace.endNs;
    const movedPx = Math.round((view.startNs - this.#paintedStartNs) / view.nsPerPixel);
    const same =
      this.#paintedScale === view.scaleNumber &&
      this.#paintedTop === topPx &&
      this.#paintedRows === session.rows.list &&
      Math.abs(movedPx) < width;
    if (!same) {
      const startMs = this.#now();
      this.#paintAll(session, view, topPx, ratio, this.#affordablePx);
      this.#judge(this.#now() - startMs);
      this.#stillFrames = 0;
    } else if (this.#grainPx > 1 && this.#standsStill(movedPx)) {
      const startMs = this.#now();
      this.#paintAll(session, view, topPx, ratio, 1);
      if (this.#now() - startMs <= BUDGET_MS) this.#affordablePx = 1;
    } else {
      if (movedPx !== 0) this.#move(movedPx);
      if (movedPx > 0) this.#paint(session, view, topPx, ratio, width - movedPx, width);
      if (movedPx < 0) this.#paint(session, view, topPx, ratio, 0, -movedPx);
      const revisedNs = session.columns.revisedFromNs;
      if (traceEndNs !== this.#paintedEndNs || revisedNs < this.#paintedEndNs) {
        const from = Math.max(0, Math.floor(view.pixel(Math.min(this.#paintedEndNs, revisedNs))));
        const to = Math.min(width, Math.ceil(view.pixel(traceEndNs)) + 1);
        if (from < to) this.#paint(session, view, topPx, ratio, from, to);
      }
    }
    session.columns.revisedFromNs = Number.POSITIVE_INFINITY;
    this.#paintedScale = view.scaleNumber;
    this.#paintedStartNs = view.startNs;
    this.#paintedEndNs = traceEndNs;
    this.#paintedTop = topPx;
    this.#paintedRows = session.rows.list;
    this.#context.putImageData(this.#image, 0, 0);
    return this.#grainPx > 1;
  }

  #standsStill(movedPx: number): boolean {
    this.#stillFrames = movedPx === 0 ? this.#stillFrames + 1 : 0;
    return this.#stillFrames >= STILL_FRAMES;
  }

  #judge(tookMs: number): void {
    this.#slow = tookMs > BUDGET_MS ? this.#slow + 1 : 0;
    if (this.#slow >= SLOW_PICTURES) {
      this.#affordablePx = Math.min(COARSEST_PX, this.#affordablePx * 2);
      this.#slow = 0;
    }
    // Half the grain costs at most twice as much.
    else if (tookMs * 2 < BUDGET_MS) this.#affordablePx = Math.max(1, this.#affordablePx / 2);
  }

  #paintAll(session: Session, view: View, topPx: number, ratio: number, grainPx: number): void {
    this.#paint(session, view, topPx, ratio, 0, this.width, grainPx);
    this.#grainPx = grainPx;
  }

  #move(px: number): void {
    const { width, height } = this;
    const pixels = this.#pixels;
    for (let y = 0; y < height; y++) {
      const line = y * width;
      if (px > 0) pixels.copyWithin(line, line + px, line + width);
      else pixels.copyWithin(line - px, line, line + width + px);
    }
  }

  #paint(
    session: Session,
    view: View,
    topPx: number,
    ratio: number,
    from: number,
    to: number,
    grainPx = 1,
  ): void {
    const { width, height } = this;
    const left = Math.max(0, from - STRIP_MARGIN_PX);
    const right = Math.min(width, to + STRIP_MARGIN_PX);
    const outerLeft = Math.max(0, left - STRIP_MARGIN_PX);
    const outerRight = Math.min(width, right + STRIP_MARGIN_PX);
    const painter = this.#painter!;
    const pixels = this.#pixels;
    const shares = this.#shares;
    const { columns, rows, trace } = session;
    const scale = { startNs: view.startNs, nsPerPixel: view.nsPerPixel * grainPx };
    const phase = Math.round(view.startNs / view.nsPerPixel);
    const { background } = painter.palette;
    let y = 0;
    for (let i = Math.max(0, rows.at(topPx)); i < rows.list.length; i++) {
      const row = rows.list[i]!;
      const top = Math.round((row.y - topPx) * ratio);
      if (top >= height) break;
      const bottom = Math.round((row.y + row.height - topPx) * ratio);
      y = bottom;
      if (row.kind === 'task' || row.kind === 'lane') {
        const isTask = row.kind === 'task';
        const tracks = isTask ? columns.rows : columns.lanes;
        cover(
          tracks,
          row.index,
          scale,
          grainPx === 1 ? outerLeft : 0,
          grainPx === 1 ? outerRight : Math.ceil(width / grainPx),
          trace.endNs,
          shares,
          isTask ? Class.idle : Class.none,
        );
        if (grainPx > 1) spread(shares, width, grainPx);
        painter.paintRow(pixels, width, top, bottom - top, shares, left, right, phase);
        continue;
      }
      for (let line = Math.max(0, top); line < Math.min(bottom, height); line++) {
        pixels.fill(background, line * width + left, line * width + right);
      }
    }
    for (let line = Math.max(0, y); line < height; line++) {
      pixels.fill(background, line * width + left, line * width + right);
    }
  }
}

/** Each share serves so many pixels; from the last to the first, so that it can be done in place. */
function spread(shares: Float32Array, width: number, grainPx: number): void {
  for (let x = width - 1; x >= 0; x--) {
    const to = x * COVER_SHARES;
    const from = Math.floor(x / grainPx) * COVER_SHARES;
    shares[to] = shares[from]!;
    shares[to + 1] = shares[from + 1]!;
    shares[to + 2] = shares[from + 2]!;
    shares[to + 3] = shares[from + 3]!;
  }
}
