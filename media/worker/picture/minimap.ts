/**
 * All of the trace in forty pixels. The upper half shows the share of threads that execute, the
 * lower half the share of tasks that wait for others or are ready. The shares are computed from a
 * bounded sample of rows and kept until the trace has grown.
 */
import { Class } from '../../../runtime/trace/columns/classes.ts';
import { cover, COVER_SHARES } from '../../../runtime/trace/columns/cover.ts';
import type { Theme } from '../../messages.ts';
import type { Row } from '../session/row-tree.ts';
import type { Session } from '../session/session.ts';
import type { TimeRange, View } from '../session/view.ts';
import { makeBarColors, type BarColors } from './colors.ts';

const MAX_LANES = 64;
const MAX_ROWS = 256;
const MAX_MARKS = 500;
/** Between two computations while a trace grows: at most a sixtieth of the time goes into them. */
const MIN_PAUSE_MS = 250;
const PAUSE_PER_WORK = 60;
/** Of a bar that is not empty. */
const MIN_WAIT_PX = 1;
/** Room at both ends, as a share of the trace. */
const MARGIN = 0.015;

export class Minimap {
  // Shares of each pixel.
  #running = new Float32Array(0);
  #ready = new Float32Array(0);
  #blocked = new Float32Array(0);
  #shares = new Float32Array(0);
  #computedEvents = -1;
  #computedWidth = -1;
  #computedAtMs = -1;
  #computations = 0;
  #pauseMs = MIN_PAUSE_MS;
  #computedRows: readonly Row[] | null = null;
  /** What the shares were computed for: until they are computed anew, the view is shown in it. */
  #range: TimeRange = { startNs: 0, endNs: 1 };
  /** Of another trace nothing is shown, not even for a moment. */
  #session: Session | null = null;
  /** What the kept picture was painted from: a change of any of them paints it anew. */
  #painted: readonly unknown[] = [];
  /** The edges of the view on the canvas; '': the canvas is to be drawn. */
  #drawnView = '';
  #colorsTheme: Theme | null = null;
  #colors: BarColors | null = null;
  readonly #picture = new OffscreenCanvas(1, 1);
  /** For putImageData: a canvas that is only read and written by pixels is kept in memory. */
  readonly #pictureContext = this.#picture.getContext('2d', { alpha: false, willReadFrequently: true })!;
  #image = new ImageData(1, 1);
  readonly context: OffscreenCanvasRenderingContext2D;

  constructor(canvas: OffscreenCanvas) {
    this.context = canvas.getContext('2d', { alpha: false })!;
  }

  /** The time that the minimap spans. */
  static rangeOf(session: Session): TimeRange {
    const { firstNs } = session;
    const endNs = Math.max(firstNs + 1, session.trace.endNs);
    const marginNs = (endNs - firstNs) * MARGIN;
    return { startNs: firstNs - marginNs, endNs: endNs + marginNs };
  }

  /** The canvas has lost what was drawn on it. */
  invalidate(): void {
    this.#drawnView = '';
  }

  /** @returns in how many ms it must be drawn again to keep up; 0: it shows the whole trace. */
  draw(session: Session, view: View, theme: Theme, ratio: number, nowMs: number): number {
    const { width, height } = this.context.canvas;
    this.#computeIfDue(session, width, nowMs);
    const { findings, tree } = session;
    const painted = [this.#computations, findings, tree.found, theme, ratio, width, height];
    if (painted.some((value, i) => value !== this.#painted[i])) {
      this.#painted = painted;
      this.#drawnView = '';
      this.#resizePicture(width, height);
      this.#paint(session, theme, ratio);
    }
    this.#drawView(view, theme, ratio);
    return this.#computedEvents === session.trace.events && this.#computedRows === session.tree.list
      ? 0
      : Math.max(1, this.#computedAtMs + this.#pauseMs - nowMs + 1);
  }

  #resizePicture(width: number, height: number): void {
    if (this.#image.width === width && this.#image.height === height) return;
    this.#picture.width = width;
    this.#picture.height = height;
    this.#image = new ImageData(width, height);
  }

  /** The shares of a growing trace are computed at most so often. */
  #computeIfDue(session: Session, width: number, nowMs: number): void {
    if (this.#session !== session) this.#computedWidth = -1;
    this.#session = session;
    const { events } = session.trace;
    const { list } = session.tree;
    const isOtherSize = this.#computedWidth !== width;
    if (!isOtherSize && this.#computedEvents === events && this.#computedRows === list) return;
    if (!isOtherSize && !session.ended && nowMs - this.#computedAtMs <= this.#pauseMs) return;
    const beganMs = performance.now();
    this.#range = Minimap.rangeOf(session);
    this.#compute(session, width);
    this.#pauseMs = Math.max(MIN_PAUSE_MS, PAUSE_PER_WORK * (performance.now() - beganMs));
    this.#computedEvents = events;
    this.#computedRows = list;
    this.#computedWidth = width;
    this.#computedAtMs = nowMs;
    this.#computations++;
  }

  get #perNs(): number {
    return this.#computedWidth / (this.#range.endNs - this.#range.startNs);
  }

  /** Paints all that does not move with the view into a picture that is kept. */
  #paint(session: Session, theme: Theme, ratio: number): void {
    const context = this.#pictureContext;
    const { width, height } = this.#picture;
    this.#paintBars(context, theme, ratio);
    const middle = Math.round(height * 0.5);
    context.fillStyle = theme.guide;
    context.fillRect(0, middle, width, ratio);
    const { startNs } = this.#range;
    const perNs = this.#perNs;
    this.#paintMarks(context, session, theme, ratio, (atNs) => Math.round((atNs - startNs) * perNs));
    context.fillStyle = theme.error;
    for (const fact of session.trace.facts.slice(0, MAX_MARKS)) {
      context.fillRect(Math.round((fact.t - startNs) * perNs), 0, 2 * ratio, 5 * ratio);
    }
    for (const loss of session.columns.losses.slice(0, MAX_MARKS)) {
      const x = (loss.sinceNs - startNs) * perNs;
      context.globalAlpha = 0.5;
      context.fillRect(x, 0, Math.max(ratio, (loss.untilNs - loss.sinceNs) * perNs), height);
      context.globalAlpha = 1;
    }
  }

  /** Pixel by pixel: a rectangle of the canvas a bar took a third of the time of live pictures. */
  #paintBars(context: OffscreenCanvasRenderingContext2D, theme: Theme, ratio: number): void {
    const { width, height } = this.#picture;
    if (this.#colorsTheme !== theme) this.#colors = makeBarColors(theme);
    this.#colorsTheme = theme;
    const { background, run, ready, blocked } = this.#colors!;
    const image = this.#image;
    const pixels = new Uint32Array(image.data.buffer).fill(background);
    const fill = (x: number, top: number, bottom: number, color: number): void => {
      for (let y = Math.max(0, top); y < Math.min(height, bottom); y++) pixels[y * width + x] = color;
    };
    const middle = Math.round(height * 0.5);
    const upPx = middle - 3 * ratio;
    const downPx = height - middle - 3 * ratio;
    for (let x = 0; x < width; x++) {
      const running = this.#running[x]!;
      if (running > 0) fill(x, middle - Math.round(Math.max(ratio, running * upPx)), middle, run);
      const waitTop = Math.round(middle + ratio);
      const blockedPx = pixelsOfShare(this.#blocked[x]!, downPx);
      fill(x, waitTop, waitTop + blockedPx, blocked);
      const readyTop = waitTop + blockedPx;
      fill(x, readyTop, readyTop + pixelsOfShare(this.#ready[x]!, downPx), ready);
    }
    context.putImageData(image, 0, 0);
  }

  /**
   * Findings as a line along the top for as long as they lasted, what the search found as ticks
   * along the bottom.
   */
  #paintMarks(
    context: OffscreenCanvasRenderingContext2D,
    session: Session,
    theme: Theme,
    ratio: number,
    pixelAt: (atNs: number) => number,
  ): void {
    const { height } = context.canvas;
    for (const { severity, sinceNs, t } of session.findings.slice(0, MAX_MARKS)) {
      if (severity === 'info') continue;
      const x = pixelAt(sinceNs ?? t);
      context.fillStyle = severity === 'error' ? theme.error : theme.ready;
      context.fillRect(x, 0, Math.max(3 * ratio, pixelAt(t) - x), 2 * ratio);
    }
    context.fillStyle = theme.foreground;
    let marks = 0;
    for (const task of session.tree.found) {
      if (marks++ >= MAX_MARKS) break;
      context.fillRect(pixelAt(session.trace.tasks.beganNs[task]!), height - 4 * ratio, 2 * ratio, 4 * ratio);
    }
  }

  /** Dims what is not in view. Where nothing has changed, the canvas is left alone. */
  #drawView(view: View, theme: Theme, ratio: number): void {
    const { context } = this;
    const { width, height } = context.canvas;
    const { startNs } = this.#range;
    const x0 = Math.max(0, Math.round((view.startNs - startNs) * this.#perNs));
    const x1 = Math.min(width, Math.round((view.endNs - startNs) * this.#perNs));
    const drawnView = `${x0} ${x1}`;
    if (drawnView === this.#drawnView) return;
    this.#drawnView = drawnView;
    context.drawImage(this.#picture, 0, 0);
    if (x0 <= 0 && x1 >= width) return;
    context.globalAlpha = 0.6;
    context.fillStyle = theme.background;
    context.fillRect(0, 0, x0, height);
    context.fillRect(x1, 0, width - x1, height);
    context.globalAlpha = 1;
    context.strokeStyle = theme.focus;
    context.lineWidth = ratio;
    context.strokeRect(x0 + ratio / 2, ratio / 2, Math.max(2 * ratio, x1 - x0 - ratio), height - ratio);
  }

  /** Computes the shares of each pixel. */
  #compute(session: Session, width: number): void {
    if (this.#running.length < width) {
      this.#running = new Float32Array(width);
      this.#ready = new Float32Array(width);
      this.#blocked = new Float32Array(width);
      this.#shares = new Float32Array((width + 1) * COVER_SHARES);
    }
    this.#running.fill(0);
    this.#ready.fill(0);
    this.#blocked.fill(0);
    const { columns, trace, tree } = session;
    const shares = this.#shares;
    const { startNs, endNs } = this.#range;
    const scale = { startNs, nsPerPixel: (endNs - startNs) / width };
    const lanes = Math.min(trace.lanes.length, MAX_LANES);
    for (let lane = 0; lane < lanes; lane++) {
      cover(columns.lanes, lane, scale, 0, width, columns.laneUntilNs(lane), shares, Class.none);
      for (let x = 0; x < width; x++)
        this.#running[x] = this.#running[x]! + shares[x * COVER_SHARES]! / lanes;
    }
    const tasks = tree.list.filter((row) => row.kind === 'task');
    const step = Math.max(1, Math.ceil(tasks.length / MAX_ROWS));
    const count = Math.ceil(tasks.length / step);
    for (let i = 0; i < tasks.length; i += step) {
      const task = tasks[i]!.index;
      cover(columns.rows, task, scale, 0, width, columns.rowUntilNs(task), shares, Class.idle);
      for (let x = 0; x < width; x++) {
        this.#ready[x] = this.#ready[x]! + shares[x * COVER_SHARES + 1]! / count;
        this.#blocked[x] = this.#blocked[x]! + shares[x * COVER_SHARES + 2]! / count;
      }
    }
  }
}

function pixelsOfShare(share: number, wholePx: number): number {
  return share > 0 ? Math.max(MIN_WAIT_PX, Math.round(share * wholePx)) : 0;
}
