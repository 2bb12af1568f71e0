/** What keys and buttons do, one row each. */
import { stateOf } from '../../runtime/trace/columns/classes.ts';
import { State } from '../../runtime/trace/model/state.ts';
import type { Action } from '../messages.ts';
import { showNextFinding } from './places.ts';
import type { Selected } from './session.ts';
import type { PanelController } from './panel-controller.ts';
import { tracksOf, wakeOf, wokenBy } from './span-navigation.ts';

const PAN_SHARE = 0.15;
const ZOOM_FACTOR = 1.3;
const ROW_SIZES = [4, 10, 18, 24, 32] as const;

export const ACTION_HANDLERS: Readonly<Record<Action, (stage: PanelController) => void>> = {
  zoomIn: (stage) => zoom(stage, 1 / ZOOM_FACTOR),
  zoomOut: (stage) => zoom(stage, ZOOM_FACTOR),
  panLeft: (stage) => pan(stage, -stage.view.width * PAN_SHARE),
  panRight: (stage) => pan(stage, stage.view.width * PAN_SHARE),
  rowUp: (stage) => step(stage, -1),
  rowDown: (stage) => step(stage, 1),
  select: (stage) => selectHere(stage, false),
  openSource: (stage) => selectHere(stage, true),
  fitSelection(stage) {
    const span = stage.session.span();
    if (!span) return ACTION_HANDLERS.fitAll(stage);
    const endNs = span.endNs ?? stage.session.trace.endNs;
    const air = Math.max((endNs - span.startNs) * 0.1, 10);
    stage.pauseFollowing();
    stage.view.go({ startNs: span.startNs - air, endNs: endNs + air });
  },
  fitAll(stage) {
    stage.pauseFollowing();
    stage.view.remember();
    stage.view.fit(stage.session.firstNs, stage.session.trace.endNs);
  },
  next: (stage) => along(stage, 1),
  previous: (stage) => along(stage, -1),
  nextAnywhere: (stage) => anywhere(stage, 1),
  previousAnywhere: (stage) => anywhere(stage, -1),
  waker(stage) {
    const { session } = stage;
    if (session.selected?.kind !== 'task' || !session.span()) return;
    const wake = wakeOf(session, session.selected);
    if (!wake) return;
    // What the waker did when it woke: the span that holds that moment, or the one before if it begins just there.
    const rows = session.columns.rows;
    let index = rows.at(wake.waker, wake.t);
    if (index > 0 && stateOf(rows.span(wake.waker, index).code) !== State.run) index--;
    choose(stage, { kind: 'task', row: wake.waker, index, key: `t${wake.waker}` });
  },
  woken(stage) {
    const { session } = stage;
    if (session.selected?.kind !== 'task' || !session.span()) return;
    const woken = wokenBy(session, session.selected);
    if (woken) choose(stage, { kind: 'task', row: woken.row, index: woken.index, key: `t${woken.row}` });
  },
  follow(stage) {
    if (stage.view.follow) stage.pauseFollowing();
    else stage.view.follow = true;
  },
  mark(stage) {
    const t = stage.cursor ? stage.view.time(stage.cursor.x) : (stage.session.span()?.startNs ?? null);
    if (t === null) return;
    const near = stage.session.marks.findIndex(
      (mark) => Math.abs(stage.view.pixel(mark) - stage.view.pixel(t)) < 4 * stage.ratio,
    );
    if (near >= 0) stage.session.marks.splice(near, 1);
    else stage.session.marks.push(t);
  },
  undo(stage) {
    if (stage.view.undo()) stage.pauseFollowing();
  },
  unselect: (stage) => stage.select(null),
  denser: (stage) => resize(stage, -1),
  roomier: (stage) => resize(stage, 1),
  nextFinding: showNextFinding,
  expandAll(stage) {
    for (const row of stage.session.rows.list) {
      if (row.expanded === false) stage.session.rows.toggle(row.key);
    }
    stage.rearrange();
  },
};

function zoom(stage: PanelController, factor: number): void {
  stage.pauseFollowing();
  const span = stage.session.span();
  let px = stage.cursor?.x ?? stage.view.width / 2;
  if (!stage.cursor && span) {
    const at = stage.view.pixel(span.startNs);
    if (at >= 0 && at < stage.view.width) px = at;
  }
  stage.view.zoom(px, factor, stage.maxNs());
}

function pan(stage: PanelController, px: number): void {
  stage.pauseFollowing();
  stage.view.pan(px);
}

export function choose(stage: PanelController, selected: Selected): void {
  stage.select(selected, { preview: true, reveal: true });
}

/** To the row above or below, at the time that is selected or in the middle. */
function step(stage: PanelController, by: 1 | -1): void {
  const { list } = stage.session.rows;
  if (list.length === 0) return;
  const at = stage.current === null ? -1 : stage.session.rows.find(stage.current);
  const row = list[Math.min(list.length - 1, Math.max(0, at < 0 ? 0 : at + by))]!;
  const span = stage.session.span();
  const tracks = tracksOf(stage.session, row.kind);
  const t = span ? span.startNs : stage.view.time(stage.view.width / 2);
  const index = tracks
    ? Math.max(tracks.at(row.index, t), tracks.count(row.index) > 0 ? 0 : -1)
    : (stage.session.levelsOf(row)?.at(t) ?? -1);
  stage.select({ kind: row.kind, row: row.index, index, key: row.key });
  stage.revealRow();
}

function selectHere(stage: PanelController, focusEditor: boolean): void {
  if (stage.cursor && !focusEditor) {
    const hit = stage.hitTest(stage.cursor.x, stage.cursor.y);
    if (hit) return stage.select(hit, { preview: true });
  }
  if (!stage.session.selected) step(stage, 1);
  if (stage.session.selected)
    stage.select(stage.session.selected, focusEditor ? { focusEditor } : { preview: true });
}

function along(stage: PanelController, by: 1 | -1): void {
  const { session } = stage;
  if (!session.selected) return step(stage, 1);
  const tracks = tracksOf(session, session.selected.kind);
  if (!tracks) return;
  const index = session.selected.index + by;
  if (index < 0 || index >= tracks.count(session.selected.row)) return;
  choose(stage, { ...session.selected, index });
}

/** The next switch in any row that the tree lists. */
function anywhere(stage: PanelController, by: 1 | -1): void {
  const { session } = stage;
  const span = session.span();
  const t = span ? span.startNs : by > 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  let best: Selected | null = null;
  let bestNs = by > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  for (const row of session.rows.list) {
    if (row.kind !== 'task') continue;
    const { rows } = session.columns;
    const at = rows.at(row.index, t);
    let index = by > 0 ? at + 1 : at;
    if (by < 0) while (index >= 0 && rows.time(row.index, index) >= t) index--;
    if (index < 0 || index >= rows.count(row.index)) continue;
    const start = rows.time(row.index, index);
    if (by > 0 ? start >= bestNs : start <= bestNs) continue;
    bestNs = start;
    best = { kind: 'task', row: row.index, index, key: row.key };
  }
  if (best) choose(stage, best);
}

function resize(stage: PanelController, by: 1 | -1): void {
  const at = ROW_SIZES.findIndex((size) => size >= stage.rowPx);
  const next = ROW_SIZES[Math.min(ROW_SIZES.length - 1, Math.max(0, at + by))]!;
  if (next === stage.rowPx) return;
  const first = stage.session.rows.list[Math.max(0, stage.session.rows.at(stage.topPx))];
  stage.rowPx = next;
  stage.session.arrange(next, true);
  const row = first ? stage.session.rows.list[stage.session.rows.find(first.key)] : undefined;
  stage.topPx = row?.y ?? 0;
  stage.post({ type: 'scrollTo', top: stage.topPx });
}
