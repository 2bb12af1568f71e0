/** Lost records: a gap is drawn as a gap, hatched over every row of the process that lost them. */
import type { Row } from '../session/row-tree.ts';
import type { Session } from '../session/session.ts';
import { visibleRows, type LayerScene, type VisibleRow } from './layer.ts';

const MAX_LOSSES = 300;

export function drawLosses(scene: LayerScene): void {
  const { session, view, width, ratio } = scene;
  let drawn = 0;
  for (const loss of session.columns.losses) {
    const x0 = Math.max(0, Math.floor(view.pixelAt(loss.sinceNs)));
    const minX1 = x0 + 2 * ratio;
    const x1 = Math.min(width, Math.max(minX1, Math.ceil(view.pixelAt(loss.untilNs))));
    if (x1 <= 0 || x0 >= width || drawn++ > MAX_LOSSES) continue;
    for (const visible of visibleRows(scene)) {
      if (processOf(session, visible.row) === loss.process) hatch(scene, visible, x0, x1);
    }
  }
}

function hatch(scene: LayerScene, { top, bottom }: VisibleRow, x0: number, x1: number): void {
  const { context, theme, ratio } = scene;
  const height = bottom - top;
  context.save();
  context.beginPath();
  context.rect(x0, top, x1 - x0, height);
  context.clip();
  context.fillStyle = theme.background;
  context.fillRect(x0, top, x1 - x0, height);
  context.strokeStyle = theme.error;
  context.globalAlpha = 0.7;
  context.lineWidth = ratio;
  context.beginPath();
  for (let x = x0 - height; x < x1; x += 6 * ratio) {
    context.moveTo(x, bottom);
    context.lineTo(x + height, top);
  }
  context.stroke();
  context.restore();
}

/** −1: none. */
function processOf({ trace }: Session, row: Row): number {
  switch (row.kind) {
    case 'process':
      return row.index;
    case 'lane':
      return trace.lanes[row.index]!.process;
    case 'task':
      return trace.tasks.process[row.index]!;
    case 'resource':
      return trace.resources[row.index]!.process;
    case 'ended':
      return -1;
  }
}
