/**
 * The rows of the big canvas. They are painted into a buffer of pixels that is kept: a pan moves it
 * and paints the strip that came into view; new records paint the strip at the end. Text and the
 * selection are not part of it: the layers draw them over it at each frame (layers/).
 *
 * While the view is zoomed or scrolled there is a picture at every frame, if need be a coarse one.
 * A coarse picture computes coverage for every second, fourth or eighth pixel only; its grain
 * follows from what the last pictures took. As soon as the view has stood still for two frames,
 * the picture is painted again, exactly. The clock measures what a picture took, and on a busy
 * machine any picture may take long: so one slow picture alone changes nothing, and an exact
 * picture that is in time takes all coarseness back.
 */
import { Class } from '../../../runtime/trace/columns/classes.ts';
import { cover, COVER_SHARES } from '../../../runtime/trace/columns/cover.ts';
import { Painter, type Palette } from '../../../runtime/trace/columns/paint.ts';
import type { Row } from '../session/row-tree.ts';
import type { Session } from '../session/session.ts';
import type { View } from '../session/view.ts';

/** Patterns depend on neighbouring pixels: a strip is painted this much wider at each side. */
const STRIP_MARGIN_PX = 8;
/** For all rows while the view moves: a frame has 16.7 ms, and the layers need some of it. */
const MAX_PAINT_MS = 10;
const MAX_GRAIN_PX = 8;
const MIN_STILL_FRAMES = 2;
const MIN_SLOW_PICTURES = 2;

/** What is painted. */
export interface RowsScene {
  readonly session: Session;
  readonly view: View;
  /** Scroll position, in CSS pixels. */
  readonly topPx: number;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
}

export class LanesPicture {
  readonly #context: OffscreenCanvasRenderingContext2D;
  readonly #canvas: OffscreenCanvas;
  #painter: Painter | null = null;
  #image = new ImageData(1, 1);
  #pixels = new Uint32Array(this.#image.data.buffer);
  #shares = new Float32Array(2 * COVER_SHARES);
  // What the buffer holds: the scale, range, scroll position and rows it was painted for.
  #paintedScaleVersion = -1;
  #paintedStartNs = 0;
  #paintedEndNs = 0;
  #paintedTopPx = -1;
  #paintedRows: readonly Row[] | null = null;
  /** In what is painted so many pixels share one coverage; 1: exact. */
  #grainPx = 1;
  /** The grain that fits into MAX_PAINT_MS, judged by the last pictures of a moving view. */
  #affordableGrainPx = 1;
  /** How many of the last pictures, in a row, took longer than MAX_PAINT_MS. */
  #slowPictures = 0;
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
    this.invalidate();
  }

  resize(width: number, height: number): void {
    this.#canvas.width = Math.max(1, width);
    this.#canvas.height = Math.max(1, height);
    this.#image = new ImageData(this.#canvas.width, this.#canvas.height);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
    this.#shares = new Float32Array((this.#canvas.width + 1) * COVER_SHARES);
    this.invalidate();
  }

  /** Has the next frame paint everything. */
  invalidate(): void {
    this.#paintedScaleVersion = -1;
  }

  /**
   * Brings the buffer up to date and puts it onto the canvas. @returns whether the picture is
   * coarse: then it wants another frame.
   */
  draw(scene: RowsScene): boolean {
    const { session, view, topPx } = scene;
    if (!this.#painter) return false;
    const { width } = this;
    const traceEndNs = session.trace.endNs;
    const movedPx = Math.round((view.startNs - this.#paintedStartNs) / view.nsPerPixel);
    const onlyPanned =
      this.#paintedScaleVersion === view.scaleVersion &&
      this.#paintedTopPx === topPx &&
      this.#paintedRows === session.tree.list &&
      Math.abs(movedPx) < width;
    if (!onlyPanned) {
      const startMs = this.#now();
      this.#paintAll(scene, this.#affordableGrainPx);
      this.#adjustGrain(this.#now() - startMs);
      this.#stillFrames = 0;
    } else if (this.#grainPx > 1 && this.#standsStill(movedPx)) {
      const startMs = this.#now();
      this.#paintAll(scene, 1);
      if (this.#now() - startMs <= MAX_PAINT_MS) this.#affordableGrainPx = 1;
    } else {
      if (movedPx !== 0) this.#shiftPixels(movedPx);
      if (movedPx > 0) this.#paintStrip(scene, width - movedPx, width);
      if (movedPx < 0) this.#paintStrip(scene, 0, -movedPx);
      const revisedNs = session.columns.revisedFromNs;
      if (traceEndNs !== this.#paintedEndNs || revisedNs < this.#paintedEndNs) {
        const from = Math.max(0, Math.floor(view.pixelAt(Math.min(this.#paintedEndNs, revisedNs))));
        const to = Math.min(width, Math.ceil(view.pixelAt(traceEndNs)) + 1);
        if (from < to) this.#paintStrip(scene, from, to);
      }
    }
    session.columns.revisedFromNs = Number.POSITIVE_INFINITY;
    this.#paintedScaleVersion = view.scaleVersion;
    this.#paintedStartNs = view.startNs;
    this.#paintedEndNs = traceEndNs;
    this.#paintedTopPx = topPx;
    this.#paintedRows = session.tree.list;
    this.#context.putImageData(this.#image, 0, 0);
    return this.#grainPx > 1;
  }

  /** Whether the view has not moved for the last frames. */
  #standsStill(movedPx: number): boolean {
    this.#stillFrames = movedPx === 0 ? this.#stillFrames + 1 : 0;
    return this.#stillFrames >= MIN_STILL_FRAMES;
  }

  #adjustGrain(tookMs: number): void {
    this.#slowPictures = tookMs > MAX_PAINT_MS ? this.#slowPictures + 1 : 0;
    if (this.#slowPictures >= MIN_SLOW_PICTURES) {
      this.#affordableGrainPx = Math.min(MAX_GRAIN_PX, this.#affordableGrainPx * 2);
      this.#slowPictures = 0;
    }
    // Half the grain takes at most twice as long.
    else if (tookMs * 2 < MAX_PAINT_MS) this.#affordableGrainPx = Math.max(1, this.#affordableGrainPx / 2);
  }

  #paintAll(scene: RowsScene, grainPx: number): void {
    this.#paintStrip(scene, 0, this.width, grainPx);
    this.#grainPx = grainPx;
  }

  /** Moves the buffer to the left. */
  #shiftPixels(px: number): void {
    const { width, height } = this;
    const pixels = this.#pixels;
    for (let y = 0; y < height; y++) {
      const line = y * width;
      if (px > 0) pixels.copyWithin(line, line + px, line + width);
      else pixels.copyWithin(line - px, line, line + width + px);
    }
  }

  /** Paints the pixels from `from` to before `to` of each row. */
  #paintStrip(scene: RowsScene, from: number, to: number, grainPx = 1): void {
    const { session, view, topPx, ratio } = scene;
    const { width, height } = this;
    const left = Math.max(0, from - STRIP_MARGIN_PX);
    const right = Math.min(width, to + STRIP_MARGIN_PX);
    const outerLeft = Math.max(0, left - STRIP_MARGIN_PX);
    const outerRight = Math.min(width, right + STRIP_MARGIN_PX);
    const painter = this.#painter!;
    const pixels = this.#pixels;
    const shares = this.#shares;
    const { columns, tree } = session;
    const scale = { startNs: view.startNs, nsPerPixel: view.nsPerPixel * grainPx };
    // Patterns stay with the time they were painted at, so that strips fit together.
    const phase = Math.round(view.startNs / view.nsPerPixel);
    const { background } = painter.palette;
    let paintedTo = 0;
    for (let i = Math.max(0, tree.indexAt(topPx)); i < tree.list.length; i++) {
      const row = tree.list[i]!;
      const top = Math.round((row.y - topPx) * ratio);
      if (top >= height) break;
      const bottom = Math.round((row.y + row.height - topPx) * ratio);
      paintedTo = bottom;
      if (row.kind === 'task' || row.kind === 'lane') {
        const isTask = row.kind === 'task';
        const tracks = isTask ? columns.rows : columns.lanes;
        cover(
          tracks,
          row.index,
          scale,
          grainPx === 1 ? outerLeft : 0,
          grainPx === 1 ? outerRight : Math.ceil(width / grainPx),
          isTask ? columns.rowUntilNs(row.index) : columns.laneUntilNs(row.index),
          shares,
          isTask ? Class.idle : Class.none,
        );
        if (grainPx > 1) repeatShares(shares, width, grainPx);
        painter.paintRow(pixels, width, top, bottom - top, shares, left, right, phase);
        continue;
      }
      for (let line = Math.max(0, top); line < Math.min(bottom, height); line++) {
        pixels.fill(background, line * width + left, line * width + right);
      }
    }
    for (let line = Math.max(0, paintedTo); line < height; line++) {
      pixels.fill(background, line * width + left, line * width + right);
    }
  }
}

/** Repeats each coverage for `grainPx` pixels. From right to left, so that it works in place. */
function repeatShares(shares: Float32Array, width: number, grainPx: number): void {
  for (let x = width - 1; x >= 0; x--) {
    const to = x * COVER_SHARES;
    const from = Math.floor(x / grainPx) * COVER_SHARES;
    shares[to] = shares[from]!;
    shares[to + 1] = shares[from + 1]!;
    shares[to + 2] = shares[from + 2]!;
    shares[to + 3] = shares[from + 3]!;
  }
}
