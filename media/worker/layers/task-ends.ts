/** A thin line where a task began; a cap where it ended, with a cross if it did not end well. */
import { bandsOf } from '../../../runtime/trace/columns/paint.ts';
import { State } from '../../../runtime/trace/model/state.ts';
import { OUTCOME } from '../../../runtime/trace/format/kinds.ts';
import { visibleRows, type LayerScene } from './layer.ts';

const MIN_CROSS_ROW_PX = 8;

export function drawTaskEnds(scene: LayerScene): void {
  const { context, session, view, theme, width, ratio } = scene;
  const { tasks } = session.trace;
  for (const { row, top, bottom } of visibleRows(scene)) {
    if (row.kind !== 'task') continue;
    const beganPx = Math.round(view.pixelAt(tasks.beganNs[row.index]!));
    if (beganPx >= 0 && beganPx < width) {
      context.fillStyle = theme.guide;
      context.fillRect(beganPx - ratio, top, ratio, bottom - top);
    }
    if (tasks.state[row.index] !== State.ended) continue;
    const endedPx = Math.round(view.pixelAt(tasks.endedNs[row.index]!));
    if (endedPx < -8 * ratio || endedPx > width + 8 * ratio) continue;
    // The outcomes after `ok` are those of an error and of a cancel.
    const failed = tasks.outcome[row.index]! > OUTCOME.ok;
    const bands = bandsOf(bottom - top);
    const capTop = top + bands.top;
    const capBottom = top + bands.bottom;
    context.fillStyle = failed ? theme.error : theme.foreground;
    context.fillRect(endedPx, capTop, Math.max(1, Math.round(1.5 * ratio)), capBottom - capTop);
    if (failed && bottom - top >= MIN_CROSS_ROW_PX) drawCross(scene, endedPx, capTop, capBottom);
  }
}

/** After the cap; at the right edge, where it would be cut off, before it. */
function drawCross(scene: LayerScene, capX: number, top: number, bottom: number): void {
  const { context, theme, width, ratio } = scene;
  const radius = Math.min((bottom - top) / 2 - ratio, 4 * ratio);
  const besidePx = radius + 4 * ratio;
  const x = capX <= width && capX + besidePx + radius > width ? capX - besidePx : capX + besidePx;
  const y = (top + bottom) / 2;
  // Over a span the cross needs a ground of its own.
  context.fillStyle = theme.background;
  context.fillRect(x - radius - ratio, y - radius - ratio, 2 * (radius + ratio), 2 * (radius + ratio));
  context.strokeStyle = theme.error;
  context.lineWidth = 1.5 * ratio;
  context.beginPath();
  context.moveTo(x - radius, y - radius);
  context.lineTo(x + radius, y + radius);
  context.moveTo(x + radius, y - radius);
  context.lineTo(x - radius, y + radius);
  context.stroke();
}
