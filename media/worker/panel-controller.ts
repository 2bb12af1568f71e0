/**
 * What commands of the page do to the open trace. The controller holds the open session and the
 * parts that show it, and draws one frame. It leaves the rest to those parts: when to draw
 * (frame-loop.ts), what is selected (selection.ts), which rows are in view (row-viewport.ts), what
 * is on the canvases (canvases.ts), what is sent to the page (page-updates.ts).
 */
import type { FromWorker, SavedView, Theme, ToWorker } from '../messages.ts';
import { Canvases } from './canvases.ts';
import type { Clock } from './clock.ts';
import { FrameLoop } from './frame-loop.ts';
import { PageUpdates } from './page-updates.ts';
import { RowViewport } from './row-viewport.ts';
import { Selection } from './selection.ts';
import { siteView } from './words/selection-details.ts';
import { Session, type Selected } from './session/session.ts';
import { spanIndexAt } from './session/span-navigation.ts';
import { View } from './session/view.ts';

/** While following, a long trace shows this much of its end. */
const TAIL_NS = 10e9;
const MIN_ZOOM_OUT_NS = 1000;

/** A point of the lanes' canvas, in device pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export class PanelController {
  session = new Session(0, false);
  /** Where the pointer is over the lanes. */
  cursor: Point | null = null;
  /** Tasks that the search found. */
  searchHits: ReadonlySet<number> = new Set();
  readonly view = new View();
  readonly rowViewport = new RowViewport();
  readonly canvases = new Canvases();
  readonly selection: Selection;
  readonly frames: FrameLoop;
  readonly updates: PageUpdates;
  readonly post: (message: FromWorker) => void;
  readonly #clock: Clock;
  /** The view to restore once the trace has grown that far. */
  #savedView: SavedView | null = null;

  constructor(post: (message: FromWorker) => void, clock: Clock) {
    this.post = post;
    this.#clock = clock;
    this.selection = new Selection(this);
    this.updates = new PageUpdates(this, clock);
    this.frames = new FrameLoop(clock, {
      drawFrame: (nowMs) => this.#drawFrame(nowMs),
      reportUpToDate: (receivedMessages) => post({ type: 'upToDate', receivedMessages }),
    });
  }

  redraw(): void {
    this.frames.redraw();
  }

  redrawIn(ms: number): void {
    this.frames.redrawIn(ms);
  }

  /** Forgets the open session and starts an empty one. */
  openTrace(opening: number, live: boolean, savedView: SavedView | null): void {
    this.session = new Session(opening, live);
    this.#savedView = savedView;
    this.view.following = savedView ? savedView.following : true;
    if (savedView) this.rowViewport.rowPx = savedView.rowPx;
    this.searchHits = new Set();
    this.rowViewport.topPx = 0;
    this.updates.reset();
    this.layOutRows();
    this.selection.reset();
  }

  /** No more records will come. */
  endTrace(): void {
    this.session.endTrace();
    this.updates.invalidateSummary();
    this.layOutRows();
  }

  /** Has the tree laid out again at the next frame. */
  layOutRows(): void {
    this.rowViewport.forceLayout();
    this.redraw();
  }

  setTheme(theme: Theme): void {
    this.canvases.setTheme(theme);
    this.redraw();
  }

  resizeCanvas({ name, width, height, ratio }: Extract<ToWorker, { type: 'size' }>): void {
    const widthPx = Math.max(1, Math.round(width * ratio));
    const heightPx = Math.max(1, Math.round(height * ratio));
    this.canvases.resize(name, widthPx, heightPx);
    if (name === 'lanes') {
      this.canvases.ratio = ratio;
      this.rowViewport.heightPx = height;
      this.view.resize(widthPx);
    }
    this.redraw();
  }

  /** Shows a line of the source in the editor. */
  openSite(site: number): void {
    const source = siteView(this.session, site);
    if (source) this.post({ type: 'source', source, preview: false });
  }

  pauseFollowing(): void {
    if (this.view.following) this.updates.countNewEvents();
    this.view.following = false;
  }

  /** What lies under a point of the lanes' canvas; null: no row. */
  hitTest({ x, y }: Point): Selected | null {
    const { session } = this;
    const row = session.tree.list[session.tree.indexAt(this.rowViewport.topPx + y / this.canvases.ratio)];
    if (!row) return null;
    const index = spanIndexAt(session, row, this.view.timeAt(x));
    return { kind: row.kind, row: row.index, index, key: row.key };
  }

  /** The longest range that a zoom may show. */
  maxRangeNs(): number {
    return Math.max(this.session.trace.endNs, MIN_ZOOM_OUT_NS) * 1.5;
  }

  /** @returns whether another frame is wanted at once. */
  #drawFrame(nowMs: number): boolean {
    const { session, view, rowViewport, selection } = this;
    const rowsAreStale = rowViewport.layOutIfDue(session, nowMs, this.#clock);
    this.#restoreSavedView();
    this.#followTrace();
    const demand = this.canvases.draw(
      {
        session,
        view,
        topPx: rowViewport.topPx,
        selected: selection.selected,
        currentRowKey: selection.currentRowKey,
        searchHits: this.searchHits,
        cursorPx: this.cursor?.x ?? null,
      },
      nowMs,
    );
    this.redrawIn(demand.inMs);
    this.updates.send(nowMs);
    return rowsAreStale || demand.atOnce;
  }

  #restoreSavedView(): void {
    const saved = this.#savedView;
    if (!saved || this.session.trace.endNs < Math.min(saved.endNs, saved.startNs + 1)) return;
    if (!saved.following) this.view.showRange(saved);
    this.#savedView = null;
  }

  /** Keeps the end of a living trace in view, and a trace from a file as a whole. */
  #followTrace(): void {
    const { session, view } = this;
    if (!view.following) return;
    const { endNs } = session.trace;
    if (session.live && !session.ended) view.followEnd(session.firstNs, endNs, TAIL_NS);
    else if (endNs > 0) {
      view.fit(session.firstNs, endNs);
      if (session.ended) view.following = false;
    }
  }
}
