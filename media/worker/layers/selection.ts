/** A frame around the selected span, and an arrow from the task that woke it. */
import { stateOf } from '../../../runtime/trace/columns/classes.ts';
import { State } from '../../../runtime/trace/model/state.ts';
import { taskKey } from '../session/row-tree.ts';
import { wakeOf, type Wake } from '../session/span-navigation.ts';
import { visibleRows, type LayerScene, type VisibleRow } from './layer.ts';

export function drawSelection(scene: LayerScene): void {
  const { session, selected } = scene;
  const span = session.spanOf(selected);
  if (!selected || !span) return;
  const wake = selected.kind === 'task' ? wakeOf(session, selected) : null;
  let selectedRow: VisibleRow | null = null;
  let wakerRow: VisibleRow | null = null;
  for (const visible of visibleRows(scene)) {
    if (visible.row.key === selected.key) selectedRow = visible;
    if (wake && visible.row.key === taskKey(wake.waker)) wakerRow = visible;
  }
  if (!selectedRow) return;
  // A task's end has no duration: the selection frames its cap.
  const isEnd = stateOf(span.code) === State.ended;
  const endNs = isEnd ? span.startNs : (span.endNs ?? session.trace.endNs);
  drawFrame(scene, selectedRow, span.startNs, endNs);
  if (wake && wake.waker !== selected.row) drawWake(scene, wake, selectedRow, wakerRow);
}

function drawFrame(scene: LayerScene, { top, bottom }: VisibleRow, startNs: number, endNs: number): void {
  const { context, view, theme, width, ratio } = scene;
  const startPx = view.pixelAt(startNs);
  const endPx = Math.max(startPx + 4 * ratio, view.pixelAt(endNs));
  const left = Math.max(-4, startPx);
  const right = Math.min(width + 4, endPx);
  context.strokeStyle = theme.highContrast ? theme.foreground : theme.focus;
  context.lineWidth = 2 * ratio;
  context.strokeRect(left, top + ratio, right - left, bottom - top - 2 * ratio);
}

function drawWake(scene: LayerScene, wake: Wake, selectedRow: VisibleRow, wakerRow: VisibleRow | null): void {
  const { session, view, topPx, height } = scene;
  // The waker's row may be scrolled away: then the arrow comes from the edge it lies behind.
  const hidden = session.tree.list[session.tree.indexOf(taskKey(wake.waker))];
  if (!hidden) return;
  const edge = hidden.y < topPx ? 0 : height;
  const fromY = wakerRow ? (wakerRow.top + wakerRow.bottom) / 2 : edge;
  const toY = fromY < selectedRow.top ? selectedRow.top : selectedRow.bottom;
  drawArrow(scene, Math.round(view.pixelAt(wake.atNs)) + 0.5, fromY, toY);
}

function drawArrow({ context, theme, ratio }: LayerScene, x: number, fromY: number, toY: number): void {
  const direction = fromY < toY ? 1 : -1;
  context.strokeStyle = context.fillStyle = theme.wake;
  context.lineWidth = 1.5 * ratio;
  context.beginPath();
  context.arc(x, fromY, 2.5 * ratio, 0, 2 * Math.PI);
  context.fill();
  context.beginPath();
  context.moveTo(x, fromY);
  context.lineTo(x, toY - direction * 5 * ratio);
  context.stroke();
  context.beginPath();
  context.moveTo(x, toY);
  context.lineTo(x - 4 * ratio, toY - direction * 7 * ratio);
  context.lineTo(x + 4 * ratio, toY - direction * 7 * ratio);
  context.fill();
}
