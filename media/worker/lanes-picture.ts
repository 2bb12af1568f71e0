/**
 * The big canvas. Rows are painted into a frame of pixels that is kept: a pan moves it and paints the strip that came
 * into view, new records paint the strip at the end. What is text or belongs to the selection is laid over it
 * at each frame (overlay.ts).
 */
import { Class } from '../../runtime/trace/columns/classes.ts';
import { cover, COVER_SHARES } from '../../runtime/trace/columns/cover.ts';
import { Painter, type Palette } from '../../runtime/trace/columns/paint.ts';
import type { Row } from './rows.ts';
import type { Session } from './session.ts';
import type { View } from './view.ts';

/** Patterns look at their neighbours: a strip is painted this much wider. */
const STRIP_MARGIN_PX = 8;

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

  constructor(canvas: OffscreenCanvas) {
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

  /** Brings the frame up to date and puts it onto the canvas. */
  draw(session: Session, view: View, topPx: number, ratio: number): void {
    if (!this.#painter) return;
    const { width } = this;
    const traceEndNs = session.trace.endNs;
    const movedPx = Math.round((view.startNs - this.#paintedStartNs) / view.nsPerPixel);
    const same =
      this.#paintedScale === view.scaleNumber &&
      this.#paintedTop === topPx &&
      this.#paintedRows === session.rows.list &&
      Math.abs(movedPx) < width;
    if (!same) {
      this.#paint(session, view, topPx, ratio, 0, width);
    } else {
      if (movedPx !== 0) this.#move(movedPx);
      if (movedPx > 0) this.#paint(session, view, topPx, ratio, width - movedPx, width);
      if (movedPx < 0) this.#paint(session, view, topPx, ratio, 0, -movedPx);
      if (traceEndNs !== this.#paintedEndNs) {
        const from = Math.max(0, Math.floor(view.pixel(this.#paintedEndNs)));
        const to = Math.min(width, Math.ceil(view.pixel(traceEndNs)) + 1);
        if (from < to) this.#paint(session, view, topPx, ratio, from, to);
      }
    }
    this.#paintedScale = view.scaleNumber;
    this.#paintedStartNs = view.startNs;
    this.#paintedEndNs = traceEndNs;
    this.#paintedTop = topPx;
    this.#paintedRows = session.rows.list;
    this.#context.putImageData(this.#image, 0, 0);
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

  #paint(session: Session, view: View, topPx: number, ratio: number, from: number, to: number): void {
    const { width, height } = this;
    const left = Math.max(0, from - STRIP_MARGIN_PX);
    const right = Math.min(width, to + STRIP_MARGIN_PX);
    const outerLeft = Math.max(0, left - STRIP_MARGIN_PX);
    const outerRight = Math.min(width, right + STRIP_MARGIN_PX);
    const painter = this.#painter!;
    const pixels = this.#pixels;
    const shares = this.#shares;
    const { columns, rows, trace } = session;
    const scale = { startNs: view.startNs, nsPerPixel: view.nsPerPixel };
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
          outerLeft,
          outerRight,
          trace.endNs,
          shares,
          isTask ? Class.idle : Class.none,
        );
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
