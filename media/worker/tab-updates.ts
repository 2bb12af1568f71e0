/**
 * What the open tab of the details shows of the view and the selection: the path and the graph. It
 * is made only while its tab is open, only when it has changed, and at most so often.
 */
import type { FromWorker } from '../messages.ts';
import { openWaitOf } from '../../runtime/trace/model/open-waits.ts';
import type { RunPaths } from './session/run-path.ts';
import type { Selected, Session } from './session/session.ts';
import type { View } from './session/view.ts';
import { graphView } from './words/graph-view.ts';
import { pathView } from './words/path-view.ts';

const SEND_EVERY_MS = 200;
/** Following a path or a graph walks many rows: at most a tenth of the time goes into it. */
const PAUSE_PER_WORK = 9;

/** What the updates read of the panel. */
export interface TabContext {
  readonly session: Session;
  readonly view: View;
  readonly paths: RunPaths;
  readonly selection: { readonly selected: Selected | null };
  /** Where the play head stands; null: nothing is played. */
  readonly playheadNs: number | null;
  post(message: FromWorker): void;
  /** Asks for a frame in `ms` milliseconds. */
  redrawIn(ms: number): void;
}

export class TabUpdates {
  /** Id of the open tab (page/details.tsx); '': none. */
  openTab = '';
  readonly #context: TabContext;
  #sent = '';
  #sentAtMs = 0;
  #pauseMs = SEND_EVERY_MS;

  constructor(context: TabContext) {
    this.#context = context;
  }

  /** What was sent is of another trace, or the page has forgotten it. */
  reset(): void {
    this.#sent = '';
    this.#sentAtMs = Number.NEGATIVE_INFINITY;
  }

  /** Sends what has changed; called at each frame. */
  send(nowMs: number): void {
    if (this.openTab !== 'path' && this.openTab !== 'graph') return;
    const version = this.#version();
    if (version === this.#sent) return;
    const waitMs = this.#sentAtMs + this.#pauseMs - nowMs;
    if (waitMs > 0) return this.#context.redrawIn(waitMs);
    const beganMs = performance.now();
    if (this.openTab === 'path') this.#sendPath();
    else this.#sendGraph();
    this.#pauseMs = Math.max(SEND_EVERY_MS, PAUSE_PER_WORK * (performance.now() - beganMs));
    this.#sent = version;
    this.#sentAtMs = nowMs;
  }

  #version(): string {
    const { session, view, selection } = this.#context;
    const { selected } = selection;
    const { events, isOver } = session.trace;
    const of = `${this.openTab} ${events} ${isOver} ${selected?.key} ${selected?.index}`;
    return this.openTab === 'graph' ? `${of} ${this.#momentNs()}` : `${of} ${view.startNs} ${view.endNs}`;
  }

  #sendPath(): void {
    const { session, view, paths, selection, post } = this.#context;
    const range = { fromNs: view.startNs, toNs: view.endNs };
    post({ type: 'path', path: pathView(session, paths.of(selection.selected), range) });
  }

  #sendGraph(): void {
    const { session, post } = this.#context;
    post({ type: 'graph', graph: graphView(session, this.#momentNs()) });
  }

  /**
   * The moment of the graph: of the play head, of the middle of the selected span, of the newest
   * mark, of the end if somebody waits there, else of the middle of the view.
   */
  #momentNs(): number {
    const { session, view, selection, playheadNs } = this.#context;
    if (playheadNs !== null) return playheadNs;
    const { selected } = selection;
    const span = session.spanOf(selected);
    if (selected && span) return (span.startNs + session.endNsOf(selected, span)) / 2;
    const mark = session.marks.at(-1);
    if (mark !== undefined) return mark;
    const { endNs, tasks } = session.trace;
    for (let row = 0; row < tasks.count; row++) if (openWaitOf(session.trace, row)) return endNs;
    return Math.min(endNs, (view.startNs + view.endNs) / 2);
  }
}
