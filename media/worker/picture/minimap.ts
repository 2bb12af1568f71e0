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

const MAX_LANES = 64;
const MAX_ROWS = 256;
const MAX_MARKS = 500;
/** Between two computations while the trace grows. */
const MIN_PAUSE_MS = 250;
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
  #pauseMs = MIN_PAUSE_MS;
  #computedRows: readonly Row[] | null = null;
  /** Of another trace nothing is shown, not even for a moment. */
  #session: Session | null = null;
  #paintedEvents = -1;
  #paintedTheme: Theme | null = null;
  #paintedFindings: Session['findings'] | null = null;
  #paintedFound: ReadonlySet<number> | null = null;
  readonly #picture = new OffscreenCanvas(1, 1);
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

  /** @returns in how many ms it must be drawn again to keep up; 0: it shows the whole trace. */
  draw(session: Session, view: View, theme: Theme, ratio: number, nowMs: number): number {
    const { findings } = session;
    const { found } = session.tree;
    const { context } = this;
    const { width, height } = context.canvas;
    const { startNs, endNs } = Minimap.rangeOf(session);
    const perNs = width / (endNs - startNs);
    // While a trace grows, at most a tenth of the time goes into the minimap.
    if (this.#session !== session) this.#computedWidth = -1;
    this.#session = session;
    const isStale =
      this.#computedEvents !== session.trace.events ||
      this.#computedWidth !== width ||
      this.#computedRows !== session.tree.list;
    if (
      isStale &&
      (this.#computedWidth !== width || nowMs - this.#computedAtMs > this.#pauseMs || session.ended)
    ) {
      const beganMs = performance.now();
      this.#compute(session, width, startNs, 1 / perNs);
      this.#pauseMs = Math.max(MIN_PAUSE_MS, 10 * (performance.now() - beganMs));
      this.#computedEvents = session.trace.events;
      this.#computedRows = session.tree.list;
      this.#paintedEvents = -1;
      this.#computedWidth = width;
      this.#computedAtMs = nowMs;
    }
    if (
      this.#paintedEvents !== this.#computedEvents ||
      this.#paintedFindings !== findings ||
      this.#paintedFound !== found ||
      this.#paintedTheme !== theme ||
      this.#picture.height !== height ||
      this.#picture.width !== width
    ) {
      this.#picture.width = width;
      this.#picture.height = height;
      this.#paint(session, theme, ratio, startNs, perNs);
      this.#paintedEvents = this.#computedEvents;
      this.#paintedTheme = theme;
      this.#paintedFindings = findings;
      this.#paintedFound = found;
    }
    context.drawImage(this.#picture, 0, 0);
    this.#drawViewRange(view, theme, ratio, startNs, perNs);
    return this.#computedEvents === session.trace.events && this.#computedRows === session.tree.list
      ? 0
      : Math.max(1, this.#computedAtMs + this.#pauseMs - nowMs + 1);
  }

  /**
   * Paints all that does not move with the view into a picture that is kept: thousands of small
   * rectangles take longer than a frame has.
   */
  #paint(session: Session, theme: Theme, ratio: number, startNs: number, perNs: number): void {
    const context = this.#picture.getContext('2d', { alpha: false })!;
    const { width, height } = this.#picture;
    context.fillStyle = theme.background;
    context.fillRect(0, 0, width, height);
    const middle = Math.round(height * 0.5);
    const upPx = middle - 3 * ratio;
    const downPx = height - middle - 3 * ratio;
    for (let x = 0; x < width; x++) {
      const running = this.#running[x]!;
      if (running > 0) {
        context.fillStyle = theme.run;
        const barPx = Math.max(ratio, running * upPx);
        context.fillRect(x, middle - barPx, 1, barPx);
      }
      const blocked = this.#blocked[x]! * downPx;
      const ready = this.#ready[x]! * downPx;
      if (blocked > 0) {
        context.fillStyle = theme.blocked;
        context.fillRect(x, middle + ratio, 1, Math.max(blocked, 0.5));
      }
      if (ready > 0) {
        context.fillStyle = theme.ready;
        context.fillRect(x, middle + ratio + blocked, 1, Math.max(ready, 0.5));
      }
    }
    context.fillStyle = theme.guide;
    context.fillRect(0, middle, width, ratio);
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

  /** Dims what is not in view. */
  #drawViewRange(view: View, theme: Theme, ratio: number, startNs: number, perNs: number): void {
    const { context } = this;
    const { width, height } = context.canvas;
    const x0 = Math.max(0, (view.startNs - startNs) * perNs);
    const x1 = Math.min(width, (view.endNs - startNs) * perNs);
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
  #compute(session: Session, width: number, startNs: number, nsPerPixel: number): void {
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
    const scale = { startNs, nsPerPixel };
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
