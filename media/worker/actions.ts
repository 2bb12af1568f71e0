/** What keys and buttons do, a row each. */
import { stateOf } from '../../runtime/trace/columns/classes.ts';
import { State } from '../../runtime/trace/model/state.ts';
import type { Action } from '../messages.ts';
import { selectAndReveal, showNextFinding, showVerdict } from './link-targets.ts';
import type { PanelController } from './panel-controller.ts';
import { taskSpan, type Selected } from './session/session.ts';
import { firstWokenBy, spanIndexAt, tracksOf, wakeOf } from './session/span-navigation.ts';

const PAN_SHARE = 0.15;
const ZOOM_FACTOR = 1.3;
const ROW_SIZES_PX = [4, 10, 18, 24, 32] as const;
/** Room at each side of a selection that fills the view: a share of it, and a lower bound. */
const FIT_MARGIN = 0.1;
const MIN_FIT_MARGIN_NS = 10;
/** A mark this close to the cursor is taken away instead of adding another. In CSS pixels. */
const SAME_MARK_PX = 4;

export const ACTION_HANDLERS: Readonly<Record<Action, (panel: PanelController) => void>> = {
  zoomIn: (panel) => zoom(panel, 1 / ZOOM_FACTOR),
  zoomOut: (panel) => zoom(panel, ZOOM_FACTOR),
  panLeft: (panel) => pan(panel, -panel.view.width * PAN_SHARE),
  panRight: (panel) => pan(panel, panel.view.width * PAN_SHARE),
  selectRowAbove: (panel) => selectAdjacentRow(panel, -1),
  selectRowBelow: (panel) => selectAdjacentRow(panel, 1),
  selectUnderCursor(panel) {
    const hit = panel.cursor ? panel.hitTest(panel.cursor) : null;
    if (hit) panel.selection.select(hit, { preview: true });
    else showSelectionInEditor(panel, false);
  },
  openSource: (panel) => showSelectionInEditor(panel, true),
  fitSelection(panel) {
    const span = panel.selection.span();
    if (!span) return fitAll(panel);
    const endNs = span.endNs ?? panel.session.trace.endNs;
    const marginNs = Math.max((endNs - span.startNs) * FIT_MARGIN, MIN_FIT_MARGIN_NS);
    panel.pauseFollowing();
    panel.view.showRange({ startNs: span.startNs - marginNs, endNs: endNs + marginNs });
  },
  fitAll,
  selectNextSpan: (panel) => selectAdjacentSpan(panel, 1),
  selectPreviousSpan: (panel) => selectAdjacentSpan(panel, -1),
  selectNextInAnyRow: (panel) => selectAdjacentInAnyRow(panel, 1),
  selectPreviousInAnyRow: (panel) => selectAdjacentInAnyRow(panel, -1),
  selectWaker(panel) {
    const { session, selection } = panel;
    const { selected } = selection;
    if (selected?.kind !== 'task' || !selection.span()) return;
    const wake = wakeOf(session, selected);
    if (!wake) return;
    // What the waker did at that time. A span that begins right then is not it, but the one before.
    const { rows } = session.columns;
    let index = rows.at(wake.waker, wake.atNs);
    if (index > 0 && stateOf(rows.span(wake.waker, index).code) !== State.run) index--;
    selectAndReveal(panel, taskSpan(wake.waker, index));
  },
  selectWoken(panel) {
    const { session, selection } = panel;
    const { selected } = selection;
    if (selected?.kind !== 'task' || !selection.span()) return;
    const woken = firstWokenBy(session, selected);
    if (woken) selectAndReveal(panel, woken);
  },
  toggleFollowing(panel) {
    if (panel.view.following) panel.pauseFollowing();
    else panel.view.following = true;
  },
  toggleMark(panel) {
    const { view, cursor } = panel;
    const { marks } = panel.session;
    const atNs = cursor ? view.timeAt(cursor.x) : panel.selection.span()?.startNs;
    if (atNs === undefined) return;
    const distancePx = (markNs: number) => Math.abs(view.pixelAt(markNs) - view.pixelAt(atNs));
    const nearPx = SAME_MARK_PX * panel.canvases.ratio;
    const near = marks.findIndex((markNs) => distancePx(markNs) < nearPx);
    if (near >= 0) marks.splice(near, 1);
    else marks.push(atNs);
  },
  undoMove(panel) {
    if (panel.view.undoMove()) panel.pauseFollowing();
  },
  clearSelection: (panel) => panel.selection.select(null),
  shrinkRows: (panel) => changeRowSize(panel, -1),
  growRows: (panel) => changeRowSize(panel, 1),
  showNextFinding,
  showVerdict,
  togglePath(panel) {
    panel.showsPath = !panel.showsPath;
  },
  togglePlaying: (panel) => panel.togglePlaying(),
  togglePin(panel) {
    const { currentRowKey } = panel.selection;
    if (currentRowKey === null) return;
    panel.session.tree.togglePin(currentRowKey);
    panel.layOutRows();
  },
  expandAll(panel) {
    const { tree } = panel.session;
    for (const row of tree.list) if (row.expanded === false) tree.toggle(row.key);
    panel.layOutRows();
  },
};

/** Zooms around the cursor; else around the start of the selection, or of the view's middle. */
function zoom(panel: PanelController, factor: number): void {
  const { view, cursor } = panel;
  panel.pauseFollowing();
  panel.rememberBeforeMove();
  const span = panel.selection.span();
  let px = cursor?.x ?? view.width / 2;
  if (!cursor && span) {
    const startPx = view.pixelAt(span.startNs);
    if (startPx >= 0 && startPx < view.width) px = startPx;
  }
  view.zoom(px, factor, panel.maxRangeNs());
}

function pan(panel: PanelController, px: number): void {
  panel.pauseFollowing();
  panel.rememberBeforeMove();
  panel.view.pan(px);
}

function fitAll(panel: PanelController): void {
  panel.pauseFollowing();
  panel.view.rememberRange();
  panel.view.fit(panel.session.firstNs, panel.session.trace.endNs);
}

/** Selects in the row above or below, at the time of the selection or of the view's middle. */
function selectAdjacentRow(panel: PanelController, step: 1 | -1): void {
  const { session, selection, view } = panel;
  const { list } = session.tree;
  if (list.length === 0) return;
  const { currentRowKey } = selection;
  const current = currentRowKey === null ? -1 : session.tree.indexOf(currentRowKey);
  const wanted = current < 0 ? 0 : current + step;
  const row = list[Math.min(list.length - 1, Math.max(0, wanted))]!;
  const atNs = selection.span()?.startNs ?? view.timeAt(view.width / 2);
  let index = spanIndexAt(session, row, atNs);
  const tracks = tracksOf(session, row.kind);
  if (index < 0 && tracks && tracks.count(row.index) > 0) index = 0;
  selection.select({ kind: row.kind, row: row.index, index, key: row.key });
  selection.revealRow();
}

/** Selects in the row below first if nothing is selected. */
function showSelectionInEditor(panel: PanelController, focusEditor: boolean): void {
  const { selection } = panel;
  if (!selection.selected) selectAdjacentRow(panel, 1);
  const options = focusEditor ? { focusEditor } : { preview: true };
  if (selection.selected) selection.select(selection.selected, options);
}

function selectAdjacentSpan(panel: PanelController, step: 1 | -1): void {
  const { session, selection } = panel;
  const { selected } = selection;
  if (!selected) return selectAdjacentRow(panel, 1);
  const tracks = tracksOf(session, selected.kind);
  if (!tracks) return;
  const index = selected.index + step;
  if (index < 0 || index >= tracks.count(selected.row)) return;
  selectAndReveal(panel, { ...selected, index });
}

/** The next span of any task in the tree. Without a selection the very first or last. */
function selectAdjacentInAnyRow(panel: PanelController, step: 1 | -1): void {
  const { session } = panel;
  const { rows } = session.columns;
  const isForward = step > 0;
  const outsideNs = isForward ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const fromNs = panel.selection.span()?.startNs ?? outsideNs;
  let nearest: Selected | null = null;
  let nearestNs = -outsideNs;
  for (const row of session.tree.list) {
    if (row.kind !== 'task') continue;
    const here = rows.at(row.index, fromNs);
    let index = isForward ? here + 1 : here;
    if (!isForward) while (index >= 0 && rows.time(row.index, index) >= fromNs) index--;
    if (index < 0 || index >= rows.count(row.index)) continue;
    const startNs = rows.time(row.index, index);
    if (isForward ? startNs >= nearestNs : startNs <= nearestNs) continue;
    nearestNs = startNs;
    nearest = taskSpan(row.index, index);
  }
  if (nearest) selectAndReveal(panel, nearest);
}

/** The topmost row stays at the top. */
function changeRowSize(panel: PanelController, step: 1 | -1): void {
  const { session, rowViewport } = panel;
  const current = ROW_SIZES_PX.findIndex((size) => size >= rowViewport.rowPx);
  const next = ROW_SIZES_PX[Math.min(ROW_SIZES_PX.length - 1, Math.max(0, current + step))]!;
  if (next === rowViewport.rowPx) return;
  const { tree } = session;
  const topRow = tree.list[Math.max(0, tree.indexAt(rowViewport.topPx))];
  rowViewport.rowPx = next;
  session.layOutRows(next, true);
  const topPx = topRow ? (tree.list[tree.indexOf(topRow.key)]?.y ?? 0) : 0;
  rowViewport.topPx = topPx;
  panel.post({ type: 'scrollTo', topPx });
}
