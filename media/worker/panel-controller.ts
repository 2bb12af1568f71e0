/**
 * Everything the worker has on hand: the session, the view, the canvases, and one frame at a time. A frame is drawn
 * when something has changed and the page can be seen; taking in records never waits for one.
 */
import type { FromWorker, SavedView, SelectionView, Status, Theme } from '../messages.ts';
import { paletteOf } from './colors.ts';
import { LanesPicture } from './lanes-picture.ts';
import { Minimap } from './minimap.ts';
import { LAYERS } from './overlay.ts';
import { drawRuler } from './ruler.ts';
import { overview } from './overview.ts';
import { describe, siteView } from './selection-details.ts';
import type { Row } from './rows.ts';
import { Session, type Selected } from './session.ts';
import { summary } from './summary.ts';
import { treeRows } from './tree-view.ts';
import { View } from './view.ts';
import { tracksOf } from './span-navigation.ts';

/** While following, a long trace shows this much of its end. */
const TAIL_NS = 10e9;
/** A growing tree is laid out no more often than this; one of a million rows takes tens of milliseconds. */
const ARRANGE_EVERY_MS = 200;
const STATUS_EVERY_MS = 200;
const TELL_EVERY_MS = 100;

export type Post = (message: FromWorker) => void;
export interface Clock {
  now(): number;
  /** Calls back at the next frame. */
  frame(then: () => void): void;
  later(then: () => void, ms: number): void;
}

export class PanelController {
  session = new Session(0, false);
  readonly view = new View();
  lanes: LanesPicture | null = null;
  minimap: Minimap | null = null;
  ruler: OffscreenCanvasRenderingContext2D | null = null;
  theme: Theme | null = null;
  visible = true;
  ratio = 1;
  rowPx = 18;
  topPx = 0;
  heightPx = 0;
  /** Key of the row that keys act on. */
  current: string | null = null;
  cursor: { x: number; y: number } | null = null;
  found = new Set<number>();
  #savedView: SavedView | null = null;
  #asked = false;
  #again = true;
  #arrangeForced = true;
  #arrangedAt = 0;
  #statusAt = 0;
  #seenEvents = 0;
  #rateEvents = 0;
  #rateAt = 0;
  #perSecond = 0;
  #summarized = -1;
  #toldRows: readonly Row[] | null = null;
  #toldTop = -1;
  #toldCurrent: string | null = null;
  #toldAt = 0;
  #tellLater = false;
  #redrawLater = false;
  /** Messages that the page has sent, and how many of them it was last told to be done. */
  taken = 0;
  #restTold = 0;
  #restAsked = false;
  readonly #post: Post;
  readonly #clock: Clock;

  constructor(post: Post, clock: Clock) {
    this.#post = post;
    this.#clock = clock;
  }

  post(message: FromWorker): void {
    this.#post(message);
  }

  open(opening: number, live: boolean, saved: SavedView | null): void {
    this.session = new Session(opening, live);
    this.#savedView = saved;
    this.view.follow = saved ? saved.follow : true;
    if (saved) this.rowPx = saved.rowPx;
    this.current = null;
    this.found.clear();
    this.topPx = 0;
    this.#seenEvents = 0;
    this.#rateEvents = 0;
    this.#perSecond = 0;
    this.#summarized = -1;
    this.rearrange();
    this.select(null);
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    if (this.lanes) this.lanes.palette = paletteOf(theme);
    this.redraw();
  }

  /** The tree has to be laid out anew. */
  rearrange(): void {
    this.#arrangeForced = true;
    this.redraw();
  }

  redraw(): void {
    this.#again = true;
    if (this.#asked || !this.visible) return;
    this.#asked = true;
    this.#clock.frame(() => {
      this.#asked = false;
      if (this.#again) this.#frame();
    });
  }

  /**
   * Tells the page that nothing is left to be drawn: a frame later, for a picture is on its way to the screen until then.
   */
  tellRest(): void {
    if (this.#restAsked || this.#restTold === this.taken || this.#asked || this.#again) return;
    this.#restAsked = true;
    this.#clock.frame(() => {
      this.#restAsked = false;
      if (this.#asked || this.#again) return;
      this.#restTold = this.taken;
      this.#post({ type: 'rest', taken: this.taken });
    });
  }

  /** What keeps its own pace looks again by itself: a program that has gone quiet brings no frame about. */
  #redrawIn(ms: number): void {
    if (ms <= 0 || this.#redrawLater) return;
    this.#redrawLater = true;
    this.#clock.later(() => {
      this.#redrawLater = false;
      this.redraw();
    }, ms);
  }

  select(
    selected: Selected | null,
    options: { reveal?: boolean; preview?: boolean; focusEditor?: boolean } = {},
  ): void {
    this.session.selected = selected;
    if (selected) this.current = selected.key;
    const view: SelectionView | null = selected ? describe(this.session, selected) : null;
    this.#post({ type: 'selection', selection: view });
    if (view?.source && (options.preview || options.focusEditor)) {
      this.#post({ type: 'source', source: view.source, preview: options.focusEditor !== true });
    }
    if (options.reveal) this.reveal();
    this.redraw();
  }

  /** What was said may be said otherwise now, though no record came: it has ended. */
  summarize(): void {
    this.#summarized = -1;
  }

  openSite(index: number, preview: boolean): void {
    const source = siteView(this.session, index);
    if (source) this.#post({ type: 'source', source, preview });
  }

  /** Scrolls and pans so far that the selection can be seen. */
  reveal(): void {
    const span = this.session.span();
    this.revealRow();
    if (!span) return;
    const x = this.view.pixel(span.startNs);
    const end = this.view.pixel(span.endNs ?? this.session.trace.endNs);
    if (end >= 0 && x < this.view.width && (x >= 0 || end < this.view.width)) return;
    this.pauseFollowing();
    this.view.remember();
    this.view.pan(
      end - x > this.view.width ? x - this.view.width * 0.1 : (x + end) / 2 - this.view.width / 2,
    );
  }

  revealRow(): void {
    if (this.current === null) return;
    let at = this.session.rows.find(this.current);
    if (at < 0 && this.current.startsWith('t')) {
      this.session.rows.unfold(Number(this.current.slice(1)));
      this.session.arrange(this.rowPx, true);
      at = this.session.rows.find(this.current);
    }
    const row = this.session.rows.list[at];
    if (!row) return;
    let top = this.topPx;
    if (row.y < top) top = Math.max(0, row.y - this.rowPx);
    else if (row.y + row.height > top + this.heightPx) top = row.y + row.height + this.rowPx - this.heightPx;
    if (top === this.topPx) return;
    this.topPx = top;
    this.#post({ type: 'scrollTo', top });
  }

  pauseFollowing(): void {
    if (this.view.follow) this.#seenEvents = this.session.trace.events;
    this.view.follow = false;
  }

  hitTest(x: number, y: number): Selected | null {
    const at = this.session.rows.at(this.topPx + y / this.ratio);
    const row = this.session.rows.list[at];
    if (!row) return null;
    const tracks = tracksOf(this.session, row.kind);
    const t = this.view.time(x);
    const index = tracks?.at(row.index, t) ?? this.session.levelsOf(row)?.at(t) ?? -1;
    return { kind: row.kind, row: row.index, index, key: row.key };
  }

  maxNs(): number {
    return Math.max(this.session.trace.endNs, 1000) * 1.5;
  }

  #frame(): void {
    this.#again = false;
    const { session, view, theme } = this;
    const now = this.#clock.now();
    const { trace } = session;
    if (session.rowsAreStale || this.#arrangeForced) {
      if (this.#arrangeForced || now - this.#arrangedAt > ARRANGE_EVERY_MS) {
        session.arrange(this.rowPx, this.#arrangeForced);
        this.#arrangeForced = false;
        this.#arrangedAt = this.#clock.now();
      } else this.#again = true;
    }
    if (this.#savedView && trace.endNs >= Math.min(this.#savedView.endNs, this.#savedView.startNs + 1)) {
      if (!this.#savedView.follow) view.go(this.#savedView);
      this.#savedView = null;
    }
    if (view.follow) {
      if (session.live && !session.ended) view.tail(session.firstNs, trace.endNs, TAIL_NS);
      else if (trace.endNs > 0) {
        view.fit(session.firstNs, trace.endNs);
        if (session.ended) view.follow = false;
      }
    }
    if (theme && this.lanes) {
      if (this.lanes.draw(session, view, this.topPx, this.ratio)) this.#again = true;
      const layer = {
        context: this.lanes.context,
        session,
        view,
        theme,
        topPx: this.topPx,
        ratio: this.ratio,
        width: this.lanes.width,
        height: this.lanes.height,
        current: this.current,
        found: this.found,
      };
      for (const draw of LAYERS) draw(layer);
      if (this.cursor) {
        const { context } = this.lanes;
        context.fillStyle = theme.guide;
        context.fillRect(Math.round(this.cursor.x), 0, 1, this.lanes.height);
      }
    }
    if (theme && this.ruler)
      drawRuler(this.ruler, view, theme, this.ratio, this.cursor?.x ?? null, session.marks);
    if (theme && this.minimap) this.#redrawIn(this.minimap.draw(session, view, theme, this.ratio, now));
    this.#tell(now);
    if (this.#again) this.redraw();
    else this.tellRest();
  }

  /** The page hears of other rows at once, and of new shares and figures ten times a second: its own frames are dear. */
  #tell(now: number): void {
    const { session, view } = this;
    const layout = session.rows.list;
    const moved =
      layout !== this.#toldRows || this.topPx !== this.#toldTop || this.current !== this.#toldCurrent;
    const since = now - this.#toldAt;
    if (!moved && since < TELL_EVERY_MS) {
      if (this.#tellLater) return;
      this.#tellLater = true;
      this.#clock.later(() => {
        this.#tellLater = false;
        this.#tell(this.#clock.now());
      }, TELL_EVERY_MS - since);
      return;
    }
    this.#toldRows = layout;
    this.#toldTop = this.topPx;
    this.#toldCurrent = this.current;
    this.#toldAt = now;
    this.#post({
      type: 'tree',
      rows: treeRows(session, view, this.topPx, this.heightPx, this.current),
      total: session.rows.totalPx,
      count: layout.length,
      top: this.topPx,
    });
    this.#status(now);
  }

  #status(now: number): void {
    const { session, view } = this;
    const { trace } = session;
    if (now - this.#rateAt >= 1000) {
      this.#perSecond =
        this.#rateAt === 0 ? 0 : ((trace.events - this.#rateEvents) * 1000) / (now - this.#rateAt);
      this.#rateEvents = trace.events;
      this.#rateAt = now;
    }
    const status: Status = {
      opening: session.opening,
      startNs: view.startNs,
      endNs: view.endNs,
      firstNs: session.firstNs,
      traceEndNs: trace.endNs,
      events: trace.events,
      perSecond: this.#perSecond,
      lost: trace.lost,
      tasks: session.rows.list.length,
      follow: view.follow,
      rowPx: this.rowPx,
      unseen: view.follow ? 0 : Math.max(0, trace.events - this.#seenEvents),
    };
    this.#post({ type: 'status', status });
    // The summary walks all tasks: at most five times a second, and less often the more there are.
    const pause = STATUS_EVERY_MS + trace.tasks.count / 500;
    if (trace.events === this.#summarized) return;
    if (!session.ended && now - this.#statusAt <= pause) this.#redrawIn(pause - (now - this.#statusAt) + 1);
    else {
      this.#summarized = trace.events;
      this.#statusAt = now;
      session.lookForFindings();
      this.#post({ type: 'summary', words: summary(session), overview: overview(session) });
      if (session.selected) this.#post({ type: 'selection', selection: describe(session, session.selected) });
    }
  }
}
