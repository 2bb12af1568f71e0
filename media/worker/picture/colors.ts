/** The theme's colours as pixels, flattened onto the background: painted pixels are opaque. */
import type { Palette } from '../../../runtime/trace/columns/paint.ts';
import type { Theme } from '../../messages.ts';

export function paletteOf(theme: Theme): Palette {
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  const pixel = (...layers: readonly string[]): number => {
    for (const layer of [theme.background, ...layers]) {
      context.fillStyle = layer;
      context.fillRect(0, 0, 1, 1);
    }
    const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
    return (0xff000000 | (b! << 16) | (g! << 8) | r!) >>> 0;
  };
  const background = pixel();
  const blocked = blend(pixel(theme.blocked), background, theme.highContrast ? 0 : 0.15);
  return {
    background,
    run: pixel(theme.run),
    ready: pixel(theme.ready),
    blocked,
    idle: pixel(theme.idle),
    mark: theme.highContrast ? background : blend(blocked, background, 0.5),
  };
}

/** `share` of the colour `b`, the rest of `a`. */
function blend(a: number, b: number, share: number): number {
  const channel = (shift: number) =>
    Math.round(((a >> shift) & 255) * (1 - share) + ((b >> shift) & 255) * share) << shift;
  return (0xff000000 | channel(16) | channel(8) | channel(0)) >>> 0;
}
