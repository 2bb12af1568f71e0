/** A dashed line at each time that the reader marked. */
import type { LayerScene } from './layer.ts';

export function drawMarks({ context, session, view, theme, height, ratio }: LayerScene): void {
  context.strokeStyle = theme.focus;
  context.lineWidth = ratio;
  context.setLineDash([2 * ratio, 3 * ratio]);
  for (const markNs of session.marks) {
    const x = Math.round(view.pixelAt(markNs)) + 0.5;
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, height);
    context.stroke();
  }
  context.setLineDash([]);
}
