/** A line at the time under the pointer. */
import type { LayerScene } from './layer.ts';

export function drawCursor({ context, theme, height, cursorPx }: LayerScene): void {
  if (cursorPx === null) return;
  context.fillStyle = theme.guide;
  context.fillRect(Math.round(cursorPx), 0, 1, height);
}
