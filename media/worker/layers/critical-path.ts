/**
 * The critical path over the rows: a line along the bottom of the row that it stands on, and a
 * thin one where it goes over to another row. Of a row that is folded, the fold stands for it.
 */
import { taskKey } from '../session/row-tree.ts';
import { visibleRows, type LayerScene, type VisibleRow } from './layer.ts';

const LINE_PX = 3;
const MAX_LINES = 3000;

export function drawCriticalPath(scene: LayerScene): void {
  const { context, session, view, theme, width, ratio, pathPieces } = scene;
  if (pathPieces.length === 0) return;
  const byKey = new Map<string, VisibleRow>();
  for (const visible of visibleRows(scene)) byKey.set(visible.row.key, visible);
  const rowOf = (row: number): VisibleRow | undefined =>
    byKey.get(taskKey(row)) ?? byKey.get(session.tree.foldKeyOf(row));
  context.fillStyle = theme.wake;
  let lines = 0;
  let lastY = -1;
  let drawnToPx = -1;
  for (const { kind, row, fromNs, toNs } of pathPieces) {
    const x0 = Math.max(0, Math.round(view.pixelAt(fromNs)));
    const x1 = Math.min(width, Math.round(view.pixelAt(toNs)));
    // Many pieces of one pixel are one dot.
    if (x1 < 0 || x0 >= width || x1 <= drawnToPx || lines >= MAX_LINES) continue;
    const visible = kind === 'unread' || kind === 'idle' ? undefined : rowOf(row);
    const y = visible ? visible.bottom - LINE_PX * ratio : -1;
    if (y >= 0) {
      if (lastY >= 0 && lastY !== y)
        context.fillRect(x0, Math.min(y, lastY), Math.max(1, ratio), Math.abs(y - lastY) + LINE_PX * ratio);
      context.fillRect(x0, y, Math.max(ratio, x1 - x0), LINE_PX * ratio);
      lines++;
    }
    lastY = y;
    drawnToPx = x1;
  }
}
