/** A faint band in the row that stands for folded tasks. */
import { bandsOf } from '../../../runtime/trace/columns/paint.ts';
import { visibleRows, type LayerScene } from './layer.ts';

export function drawFoldedTasks(scene: LayerScene): void {
  const { context, session, theme, view } = scene;
  for (const { row, top, bottom } of visibleRows(scene)) {
    if (row.kind !== 'ended' || row.expanded === true) continue;
    const bands = bandsOf(bottom - top);
    const x0 = Math.max(0, view.pixelAt(0));
    const x1 = Math.min(scene.width, view.pixelAt(session.trace.endNs));
    context.globalAlpha = 0.35;
    context.fillStyle = theme.guide;
    context.fillRect(x0, top + bands.lineTop, x1 - x0, bands.lineBottom - bands.lineTop);
    context.globalAlpha = 1;
  }
}
