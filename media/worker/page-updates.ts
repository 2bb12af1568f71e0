/**
 * What is sent to the page about the trace, and how often: the rows of the tree, the figures, and
 * the sentences about the whole. The page's own frames are expensive, so changed rows go out at
 * once, but new shares and figures only five times a second, and twice while a program is followed.
 */
import type { FromWorker, SavedView, Status } from '../messages.ts';
import type { Clock } from './clock.ts';
import { overviewOf } from './words/overview.ts';
import type { RowViewport } from './row-viewport.ts';
import type { Row } from './session/row-tree.ts';
import { describeSelection } from './words/selection-details.ts';
import type { Selected, Session } from './session/session.ts';
import { summarize } from './words/summary.ts';
import { treeRows } from './words/tree-view.ts';
import type { View } from './session/view.ts';

const SUMMARY_EVERY_MS = 500;
const TREE_EVERY_MS = 200;
/** Of a program that is followed: its figures change all the time, and nobody asked for them. */
const FOLLOWED_TREE_EVERY_MS = 500;
const RATE_EVERY_MS = 1000;
/** The summary walks all tasks: each task beyond the first makes its pause longer by this much. */
const SUMMARY_PAUSE_PER_TASK_MS = 1 / 500;
/** What the last one took makes the pause longer, too: some rules look at all waits. */
const SUMMARY_PAUSE_PER_WORK = 30;

/** What the updates read of the panel. */
export interface PageUpdatesContext {
  readonly session: Session;
  readonly view: View;
  readonly rowViewport: RowViewport;
  readonly selection: { readonly selected: Selected | null; readonly currentRowKey: string | null };
  readonly showsPath: boolean;
  /** null: nothing is played. */
  readonly playheadNs: number | null;
  /** What restores the view; null: there is nothing to restore yet. */
  savedView(): SavedView | null;
  post(message: FromWorker): void;
  /** Asks for a frame. */
  redraw(): void;
  /** Asks for a frame in `ms` milliseconds. */
  redrawIn(ms: number): void;
}

export class PageUpdates {
  readonly #context: PageUpdatesContext;
  readonly #clock: Clock;
  /** The rows, scroll position and current row that the page has. */
  #sentRows: readonly Row[] | null = null;
  #sentTopPx = -1;
  #sentCurrentRowKey: string | null = null;
  /** The messages as the page has them: what says nothing new is not sent. */
  #sentTree = '';
  #sentStatus = '';
  #sentAtMs = 0;
  #sendScheduled = false;
  /** Events at the moment when following was paused. */
  #eventsAtPause = 0;
  #rateEvents = 0;
  #rateAtMs = 0;
  #eventsPerSecond = 0;
  /** Events that the last summary knew; −1: a new summary is due. */
  #summarizedEvents = -1;
  #summarizedAtMs = 0;
  #summaryTookMs = 0;

  constructor(context: PageUpdatesContext, clock: Clock) {
    this.#context = context;
    this.#clock = clock;
  }

  /** Another trace is opened: its figures start from nothing. */
  reset(): void {
    this.#eventsAtPause = 0;
    this.#rateEvents = 0;
    this.#eventsPerSecond = 0;
    this.#summarizedEvents = -1;
    this.#sentTree = '';
    this.#sentStatus = '';
  }

  /** From here on the status counts the events that the reader has not followed. */
  countNewEvents(): void {
    this.#eventsAtPause = this.#context.session.trace.events;
  }

  /** The sentences change though no record came: the trace has ended. */
  invalidateSummary(): void {
    this.#summarizedEvents = -1;
  }

  /** Sends what has changed; called at each frame. */
  send(nowMs: number): void {
    const { session, view, rowViewport, selection } = this.#context;
    const { list } = session.tree;
    const { topPx, heightPx } = rowViewport;
    const { currentRowKey } = selection;
    const moved =
      list !== this.#sentRows || topPx !== this.#sentTopPx || currentRowKey !== this.#sentCurrentRowKey;
    const sinceMs = nowMs - this.#sentAtMs;
    const isFollowed = session.live && !session.ended && view.following;
    const everyMs = isFollowed ? FOLLOWED_TREE_EVERY_MS : TREE_EVERY_MS;
    if (!moved && sinceMs < everyMs) return this.#sendIn(everyMs - sinceMs);
    this.#sentRows = list;
    this.#sentTopPx = topPx;
    this.#sentCurrentRowKey = currentRowKey;
    this.#sentAtMs = nowMs;
    const rows = treeRows(session, view, topPx, heightPx, currentRowKey);
    const { totalPx } = session.tree;
    const tree = JSON.stringify([rows, totalPx, topPx]);
    if (tree !== this.#sentTree) this.#context.post({ type: 'tree', rows, totalPx, topPx });
    this.#sentTree = tree;
    this.#sendStatus(nowMs);
    this.#sendSummaryIfDue(nowMs);
  }

  #sendIn(ms: number): void {
    if (this.#sendScheduled) return;
    this.#sendScheduled = true;
    this.#clock.after(ms, () => {
      this.#sendScheduled = false;
      this.send(this.#clock.now());
    });
  }

  #sendStatus(nowMs: number): void {
    const { session, view } = this.#context;
    const { trace } = session;
    this.#measureRate(nowMs, trace.events);
    const status: Status = {
      startNs: view.startNs,
      endNs: view.endNs,
      firstNs: session.firstNs,
      traceEndNs: trace.endNs,
      events: trace.events,
      eventsPerSecond: this.#eventsPerSecond,
      lost: trace.lost,
      following: view.following,
      playing: this.#context.playheadNs !== null,
      showsPath: this.#context.showsPath,
      saved: this.#context.savedView(),
      newEvents: view.following ? 0 : Math.max(0, trace.events - this.#eventsAtPause),
    };
    const words = JSON.stringify(status);
    if (words !== this.#sentStatus) this.#context.post({ type: 'status', status });
    this.#sentStatus = words;
  }

  #measureRate(nowMs: number, events: number): void {
    const sinceMs = nowMs - this.#rateAtMs;
    if (sinceMs < RATE_EVERY_MS) return;
    this.#eventsPerSecond = this.#rateAtMs === 0 ? 0 : ((events - this.#rateEvents) * 1000) / sinceMs;
    this.#rateEvents = events;
    this.#rateAtMs = nowMs;
  }

  /** At most twice a second, and less often the more tasks there are. */
  #sendSummaryIfDue(nowMs: number): void {
    const { session, selection } = this.#context;
    const { trace } = session;
    if (trace.events === this.#summarizedEvents) return;
    const pauseMs = Math.max(
      SUMMARY_EVERY_MS + trace.tasks.count * SUMMARY_PAUSE_PER_TASK_MS,
      SUMMARY_PAUSE_PER_WORK * this.#summaryTookMs,
    );
    const sinceMs = nowMs - this.#summarizedAtMs;
    if (!session.ended && sinceMs <= pauseMs) return this.#context.redrawIn(pauseMs - sinceMs + 1);
    this.#summarizedEvents = trace.events;
    this.#summarizedAtMs = nowMs;
    const beganMs = this.#clock.now();
    // This frame was drawn without them.
    if (session.updateFindings()) this.#context.redraw();
    this.#context.post({
      type: 'summary',
      words: summarize(session),
      overview: overviewOf(session),
    });
    this.#summaryTookMs = this.#clock.now() - beganMs;
    const { selected } = selection;
    if (selected) this.#context.post({ type: 'selection', selection: describeSelection(session, selected) });
  }
}
