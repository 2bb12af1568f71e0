/** A red cap where a task was still waiting when nothing more came: its wait has no end. */
import { bandsOf } from '../../../runtime/trace/columns/paint.ts';
import { State } from '../../../runtime/trace/model/state.ts';
import { visibleRows, type LayerScene } from './layer.ts';

const CAP_PX = 4;

export function drawOpenWaits(scene: LayerScene): void {
  const { context, session, view, theme, width, ratio } = scene;
  if (!session.ended) return;
  const { rowState } = session.trace.tasks;
  context.fillStyle = theme.error;
  for (const { row, top, bottom } of visibleRows(scene)) {
    if (row.kind !== 'task' || rowState[row.index] !== State.wait) continue;
    const endPx = Math.round(view.pixelAt(session.columns.rowUntilNs(row.index)));
    if (endPx < 0 || endPx > width + CAP_PX * ratio) continue;
    const bands = bandsOf(bottom - top);
    context.fillRect(endPx - CAP_PX * ratio, top + bands.top, CAP_PX * ratio, bands.bottom - bands.top);
  }
}
