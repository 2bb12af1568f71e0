/**
 * What commands of the page do to the open trace. The controller holds the open session and the
 * parts that show it, and draws one frame. It leaves the rest to those parts: when to draw
 * (frame-loop.ts), what is selected (selection.ts), which rows are in view (row-viewport.ts), what
 * is on the canvases (canvases.ts), what is sent to the page (page-updates.ts).
 */
import type { FromWorker, SavedSelection, SavedView, Theme, ToWorker } from '../messages.ts';
import { Canvases } from './canvases.ts';
import type { Clock } from './clock.ts';
import { FrameLoop } from './frame-loop.ts';
import { PageUpdates } from './page-updates.ts';
import { Player } from './player.ts';
import { RowViewport } from './row-viewport.ts';
import { Selection } from './selection.ts';
import { siteView } from './words/selection-details.ts';
import { Session, taskSpan, type Selected } from './session/session.ts';
import type { Row } from './session/row-tree.ts';
import { RunPaths } from './session/run-path.ts';
import { spanIndexAt } from './session/span-navigation.ts';
import { View } from './session/view.ts';
import { bringIntoView, rowOfId } from './show-moment.ts';
import { TabUpdates } from './tab-updates.ts';
import { tooltipLines } from './tooltip.ts';

/** While following, a long trace shows this much of its end. */
const TAIL_NS = 10e9;
const MIN_ZOOM_OUT_NS = 1000;
/** Moves that follow each other so closely are undone together. */
const SAME_MOVE_MS = 700;

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
  readonly tabs: TabUpdates;
  readonly player = new Player();
  /** The critical path is drawn. */
  showsPath = false;
  /** Where the debugger stands; null: nowhere. */
  #momentNs: number | null = null;
  paths = new RunPaths(this.session);
  readonly post: (message: FromWorker) => void;
  readonly #clock: Clock;
  #movedAtMs = Number.NEGATIVE_INFINITY;
  /** The view to restore once the trace has grown that far. */
  #savedView: SavedView | null = null;
  /** What the page shows at the pointer. */
  #tooltip = { words: '', at: '' };

  constructor(post: (message: FromWorker) => void, clock: Clock) {
    this.post = post;
    this.#clock = clock;
    this.selection = new Selection(this);
    this.updates = new PageUpdates(this, clock);
    this.tabs = new TabUpdates(this);
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
    const { options } = this.session.tree;
    this.session = new Session(opening, live);
    this.session.tree.options = options;
    this.paths = new RunPaths(this.session);
    this.player.stop();
    this.#momentNs = null;
    this.tabs.reset();
    this.#savedView = savedView;
    this.view.following = savedView ? savedView.following : true;
    if (savedView) this.rowViewport.rowPx = savedView.rowPx;
    for (const key of savedView?.toggled ?? []) this.session.tree.toggle(key);
    this.session.marks.push(...(savedView?.marks ?? []));
    this.searchHits = new Set();
    this.cursor = null;
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
      const { rowViewport } = this;
      const row = this.#currentRow();
      const wasInView = row !== null && rowViewport.holds(row);
      rowViewport.heightPx = height;
      // Details that open take room: what is selected stays in view.
      if (wasInView && rowViewport.scrollIntoView(row))
        this.post({ type: 'scrollTo', topPx: rowViewport.topPx });
      this.view.resize(widthPx);
    }
    this.redraw();
  }

  /** Null: none is selected, or it is not among the rows now. */
  #currentRow(): Row | null {
    const key = this.selection.currentRowKey;
    return key === null ? null : (this.session.tree.list[this.session.tree.indexOf(key)] ?? null);
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

  get playheadNs(): number | null {
    return this.player.headNs;
  }

  /** Plays from the cursor, or else from the left edge; stops what is played. */
  togglePlaying(): void {
    if (this.playheadNs !== null) return this.player.stop();
    this.pauseFollowing();
    const { view, session } = this;
    const fromNs = Math.max(session.firstNs, view.timeAt(this.cursor?.x ?? 0));
    this.player.start(fromNs, this.#clock.now());
  }

  /** The debugger has gone to a moment of this trace, or has left it. */
  showMoment(timeNs: number | null, task: string | null): void {
    this.#momentNs = timeNs;
    if (timeNs !== null) {
      this.pauseFollowing();
      bringIntoView(this.view, timeNs);
      const row = task === null ? -1 : rowOfId(this.session, task);
      if (row >= 0) {
        const shown = this.session.tree.shownTask(row);
        const index = this.session.columns.rows.at(shown, timeNs);
        this.selection.select(taskSpan(shown, index));
        this.selection.revealRow();
      }
    }
    this.redraw();
  }

  /** Moves by keys, wheel and pointer come many at a time: one step back undoes those of a row. */
  rememberBeforeMove(): void {
    const nowMs = this.#clock.now();
    if (nowMs - this.#movedAtMs > SAME_MOVE_MS) this.view.rememberRange();
    this.#movedAtMs = nowMs;
  }

  /** The longest range that a zoom may show. */
  maxRangeNs(): number {
    return Math.max(this.session.trace.endNs, MIN_ZOOM_OUT_NS) * 1.5;
  }

  /**
   * What stands under the pointer now: the picture may have moved while the pointer did not. The
   * page hears of it when it has changed.
   */
  #updateTooltip(): void {
    const { cursor, session, view } = this;
    const lines = cursor ? tooltipLines(session, this.hitTest(cursor), view.timeAt(cursor.x)) : null;
    const words = lines?.join('\n') ?? '';
    const at = cursor && lines ? `${cursor.x},${cursor.y}` : '';
    if (words === this.#tooltip.words && at === this.#tooltip.at) return;
    this.#tooltip = { words, at };
    if (cursor && lines) this.post({ type: 'tooltip', ...cursor, lines });
    else this.post({ type: 'hideTooltip' });
  }

  /** @returns whether another frame is wanted at once. */
  #drawFrame(nowMs: number): boolean {
    const { session, view, rowViewport, selection } = this;
    const rowsAreStale = rowViewport.layOutIfDue(session, nowMs, this.#clock);
    this.#restoreSavedView();
    this.#followTrace();
    this.player.advance(view, session.trace.endNs, nowMs);
    const demand = this.canvases.draw(
      {
        session,
        view,
        topPx: rowViewport.topPx,
        selected: selection.selected,
        currentRowKey: selection.currentRowKey,
        searchHits: this.searchHits,
        pathPieces: this.showsPath ? this.paths.of(selection.selected).pieces : [],
        playheadNs: this.playheadNs,
        momentNs: this.#momentNs,
        cursorPx: this.cursor?.x ?? null,
      },
      nowMs,
    );
    this.redrawIn(demand.inMs);
    this.#updateTooltip();
    this.updates.send(nowMs);
    this.tabs.send(nowMs);
    return rowsAreStale || demand.atOnce || this.playheadNs !== null;
  }

  /** null: nothing was recorded yet, or what was saved before is still to be restored. */
  savedView(): SavedView | null {
    const { session, view, rowViewport, selection } = this;
    if (session.trace.events === 0 || this.#savedView !== null) return null;
    const { selected } = selection;
    return {
      startNs: view.startNs,
      endNs: view.endNs,
      following: view.following,
      rowPx: rowViewport.rowPx,
      topPx: rowViewport.topPx,
      marks: [...session.marks],
      selected: selected && { key: selected.key, atNs: selection.span()?.startNs ?? null },
      toggled: session.tree.toggledKeys,
    };
  }

  /** As soon as the trace has grown as far as it was seen before. */
  #restoreSavedView(): void {
    const saved = this.#savedView;
    const { session, view } = this;
    if (!saved) return;
    const seenNs = Math.max(Math.min(saved.endNs, saved.startNs + 1), saved.selected?.atNs ?? 0);
    if (session.trace.endNs < seenNs && !session.ended) return;
    session.layOutRows(this.rowViewport.rowPx, true);
    // Its row may be folded until more of the trace is there.
    if (saved.selected && !session.ended && session.tree.indexOf(saved.selected.key) < 0) return;
    this.#savedView = null;
    if (!saved.following) view.showRange(saved);
    if (saved.selected) this.#restoreSelection(saved.selected);
    this.rowViewport.topPx = saved.topPx;
    this.post({ type: 'scrollTo', topPx: saved.topPx });
  }

  #restoreSelection({ key, atNs }: SavedSelection): void {
    const { session } = this;
    const row = session.tree.list[session.tree.indexOf(key)];
    if (!row) return;
    const index = atNs === null ? -1 : spanIndexAt(session, row, atNs);
    this.selection.select({ kind: row.kind, row: row.index, index, key });
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
