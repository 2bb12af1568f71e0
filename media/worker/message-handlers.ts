/** What each message of the page does, a row each. A handler asks for a frame if it needs one. */
import type { ToWorker } from '../messages.ts';
import { ACTION_HANDLERS } from './actions.ts';
import { followLink, showSpanPlace } from './link-targets.ts';
import { Minimap } from './picture/minimap.ts';
import type { PanelController } from './panel-controller.ts';
import { revealLine } from './reveal-line.ts';
import { searchTasks } from './search.ts';
import { taskTable } from './words/task-table.ts';

/** The decoder's port is connected where the worker is put together (main.ts). */
export type PanelMessage = Exclude<ToWorker, { type: 'decoderPort' }>;

type Handlers = {
  readonly [Type in PanelMessage['type']]: (
    panel: PanelController,
    message: Extract<PanelMessage, { type: Type }>,
  ) => void;
};

/** The shortest range that a press in the minimap shows. */
const MIN_RANGE_NS = 10;

const MESSAGE_HANDLERS: Handlers = {
  canvas(panel, { name, canvas }) {
    panel.canvases.attach(name, canvas);
    panel.redraw();
  },
  size: (panel, message) => panel.resizeCanvas(message),
  theme: (panel, { theme }) => panel.setTheme(theme),
  open: (panel, { opening, mode, view }) => panel.openTrace(opening, mode === 'live', view),
  visibility(panel, { visible }) {
    panel.frames.visible = visible;
    panel.redraw();
  },
  scroll(panel, { topPx }) {
    if (panel.rowViewport.topPx === topPx) return;
    panel.rowViewport.topPx = topPx;
    panel.redraw();
  },
  pan(panel, { px }) {
    if (px === 0) return;
    panel.pauseFollowing();
    panel.rememberBeforeMove();
    panel.view.pan(px);
    panel.redraw();
  },
  zoom(panel, { px, factor }) {
    panel.pauseFollowing();
    panel.rememberBeforeMove();
    panel.view.zoom(px, factor, panel.maxRangeNs());
    panel.redraw();
  },
  showRange(panel, { fromShare, toShare }) {
    panel.pauseFollowing();
    const whole = Minimap.rangeOf(panel.session);
    const wholeNs = whole.endNs - whole.startNs;
    const startNs = whole.startNs + fromShare * wholeNs;
    const endNs = whole.startNs + toShare * wholeNs;
    panel.view.showRange({ startNs, endNs: Math.max(endNs, startNs + MIN_RANGE_NS) });
    panel.redraw();
  },
  hover(panel, { x, y }) {
    panel.cursor = { x, y };
    panel.redraw();
  },
  pointerLeave(panel) {
    panel.cursor = null;
    panel.redraw();
  },
  click(panel, { x, y, focusEditor }) {
    const atNs = panel.view.timeAt(x);
    const options = focusEditor ? { focusEditor, atNs } : { preview: true, atNs };
    panel.selection.select(panel.hitTest({ x, y }), options);
  },
  selectRow(panel, { key }) {
    const { tree } = panel.session;
    const row = tree.list[tree.indexOf(key)];
    if (!row) return;
    panel.selection.select({ kind: row.kind, row: row.index, index: -1, key }, { preview: true });
  },
  toggleRow(panel, { key }) {
    panel.session.tree.toggle(key);
    panel.layOutRows();
  },
  action(panel, { action }) {
    ACTION_HANDLERS[action](panel);
    panel.redraw();
  },
  search(panel, { text, step }) {
    panel.post({ type: 'searchResult', ...searchTasks(panel, text, step) });
    const { tree } = panel.session;
    tree.found = panel.searchHits;
    if (tree.options.onlyFound) panel.layOutRows();
    panel.redraw();
  },
  followLink: (panel, { target }) => followLink(panel, target),
  showSpan: (panel, { place }) => showSpanPlace(panel, place),
  requestTable(panel, { sort, descending }) {
    panel.post({ type: 'table', ...taskTable(panel.session, sort, descending) });
  },
  openTab(panel, { tab }) {
    panel.tabs.openTab = tab;
    panel.tabs.reset();
    panel.redraw();
  },
  treeOptions(panel, { options }) {
    panel.session.tree.options = options;
    panel.layOutRows();
  },
  showRectangle(panel, { fromX, toX, fromY }) {
    const { view, session, rowViewport, canvases } = panel;
    panel.pauseFollowing();
    const startNs = view.timeAt(fromX);
    const row = session.tree.list[session.tree.indexAt(rowViewport.topPx + fromY / canvases.ratio)];
    view.showRange({ startNs, endNs: Math.max(view.timeAt(toX), startNs + MIN_RANGE_NS) });
    if (row) panel.post({ type: 'scrollTo', topPx: row.y });
    panel.redraw();
  },
  moment: (panel, { timeNs, task }) => panel.showMoment(timeNs, task),
  revealLine: (panel, { file, line }) => revealLine(panel, file, line),
};

export function handleMessage(panel: PanelController, message: PanelMessage): void {
  // The table pairs each type with its handler; the compiler cannot follow a pair through an index.
  const handler = MESSAGE_HANDLERS[message.type] as (panel: PanelController, message: PanelMessage) => void;
  handler(panel, message);
}
