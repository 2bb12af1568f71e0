/**
 * What is selected, and how it is brought into view. The current row is the one that keys start
 * from: it stays when the selection is cleared.
 */
import type { TrackSpan } from '../../runtime/trace/columns/tracks.ts';
import type { FromWorker, SelectionView } from '../messages.ts';
import type { RowViewport } from './row-viewport.ts';
import { taskOfKey } from './session/row-tree.ts';
import { describeSelection, siteView } from './words/selection-details.ts';
import type { Selected, Session } from './session/session.ts';
import type { View } from './session/view.ts';

/** Where the room before a span lies that is wider than the view. */
const WIDE_SPAN_MARGIN = 0.1;

export interface SelectOptions {
  /** Bring the selection into view. */
  readonly reveal?: boolean;
  /** Show its line in the editor; the focus stays in the panel. */
  readonly preview?: boolean;
  /** Go to its line in the editor. */
  readonly focusEditor?: boolean;
  /** The time that was pointed at; absent: when the span began. */
  readonly atNs?: number;
  /** The line to show in the editor; absent or −1: the selection's own. */
  readonly site?: number;
}

/** What the selection needs of the panel. */
export interface SelectionContext {
  readonly session: Session;
  readonly view: View;
  readonly rowViewport: RowViewport;
  post(message: FromWorker): void;
  redraw(): void;
  pauseFollowing(): void;
}

export class Selection {
  readonly #context: SelectionContext;
  #selected: Selected | null = null;
  #currentRowKey: string | null = null;

  constructor(context: SelectionContext) {
    this.#context = context;
  }

  get selected(): Selected | null {
    return this.#selected;
  }

  /** Key of the row that keys act on. */
  get currentRowKey(): string | null {
    return this.#currentRowKey;
  }

  /** The selected span; null: nothing is selected, or a row as a whole. */
  span(): TrackSpan | null {
    return this.#context.session.spanOf(this.#selected);
  }

  select(selected: Selected | null, options: SelectOptions = {}): void {
    const context = this.#context;
    this.#selected = selected;
    if (selected) this.#currentRowKey = selected.key;
    const details: SelectionView | null = selected ? describeSelection(context.session, selected) : null;
    context.post({ type: 'selection', selection: details });
    if (selected && (options.preview || options.focusEditor)) this.#tellMoment(selected, options.atNs);
    const source = siteView(context.session, options.site ?? -1) ?? details?.source;
    if (source && (options.preview || options.focusEditor)) {
      context.post({ type: 'source', source, preview: options.focusEditor !== true });
    }
    if (options.reveal) this.reveal();
    context.redraw();
  }

  /** The debugger goes along, where one replays this recording. */
  #tellMoment({ kind, row }: Selected, atNs: number | undefined): void {
    const { session, post } = this.#context;
    const timeNs = atNs ?? this.span()?.startNs;
    if (timeNs === undefined) return;
    const task = kind === 'task' ? session.trace.idOf(row) : null;
    post({ type: 'moment', timeNs: Math.max(0, Math.round(timeNs)), task });
  }

  /** Forgets the current row, too: another trace is opened. */
  reset(): void {
    this.#currentRowKey = null;
    this.select(null);
  }

  /** Scrolls and pans as far as the selection needs to be seen. */
  reveal(): void {
    const { session, view } = this.#context;
    const span = this.span();
    this.revealRow();
    if (!span) return;
    const startPx = view.pixelAt(span.startNs);
    const endPx = view.pixelAt(span.endNs ?? session.trace.endNs);
    if (endPx >= 0 && startPx < view.width && (startPx >= 0 || endPx < view.width)) return;
    this.#context.pauseFollowing();
    view.rememberRange();
    const isWide = endPx - startPx > view.width;
    view.pan(isWide ? startPx - view.width * WIDE_SPAN_MARGIN : (startPx + endPx) / 2 - view.width / 2);
  }

  /** Scrolls to the current row, and unfolds what hides it. */
  revealRow(): void {
    const { session, rowViewport } = this.#context;
    const key = this.#currentRowKey;
    if (key === null) return;
    let index = session.tree.indexOf(key);
    const task = taskOfKey(key);
    if (index < 0 && task !== null) {
      session.tree.revealTask(task);
      session.layOutRows(rowViewport.rowPx, true);
      index = session.tree.indexOf(key);
    }
    const row = session.tree.list[index];
    if (row && rowViewport.scrollIntoView(row))
      this.#context.post({ type: 'scrollTo', topPx: rowViewport.topPx });
  }
}
