/** Where the play head stands. */
import type { LayerScene } from './layer.ts';

export function drawPlayhead({ context, theme, view, height, ratio, playheadNs }: LayerScene): void {
  if (playheadNs === null) return;
  context.fillStyle = theme.focus;
  context.fillRect(Math.round(view.pixelAt(playheadNs)), 0, 2 * ratio, height);
}
