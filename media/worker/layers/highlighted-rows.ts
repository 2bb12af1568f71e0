/** A faint background behind the current row and behind the tasks that the search found. */
import { visibleRows, type LayerScene } from './layer.ts';

const CURRENT_ALPHA = 0.1;
const HIT_ALPHA = 0.16;

export function drawHighlightedRows(scene: LayerScene): void {
  const { context, theme, width } = scene;
  for (const { row, top, bottom } of visibleRows(scene)) {
    const isCurrent = row.key === scene.currentRowKey;
    const isHit = row.kind === 'task' && scene.searchHits.has(row.index);
    if (!isCurrent && !isHit) continue;
    context.globalAlpha = isCurrent ? CURRENT_ALPHA : HIT_ALPHA;
    context.fillStyle = isHit ? theme.ready : theme.foreground;
    context.fillRect(0, top, width, bottom - top);
    context.globalAlpha = 1;
  }
}
