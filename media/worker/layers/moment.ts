/** Where the debugger stands: a line with a flag at its top, told by its shape, too. */
import type { LayerScene } from './layer.ts';

const FLAG_PX = 7;

export function drawMoment({ context, theme, view, height, ratio, momentNs }: LayerScene): void {
  if (momentNs === null) return;
  const x = Math.round(view.pixelAt(momentNs));
  const flag = FLAG_PX * ratio;
  context.fillStyle = theme.error;
  context.fillRect(x, 0, Math.max(1, ratio), height);
  context.beginPath();
  context.moveTo(x - flag, 0);
  context.lineTo(x + flag, 0);
  context.lineTo(x, flag);
  context.fill();
}
