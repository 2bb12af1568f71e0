/** The theme's colours as pixels, flattened onto the background: painted pixels are opaque. */
import type { Palette } from '../../../runtime/trace/columns/paint.ts';
import type { Theme } from '../../messages.ts';

type PixelOf = (...layers: readonly string[]) => number;

function makePixelOf(theme: Theme): PixelOf {
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  return (...layers) => {
    for (const layer of [theme.background, ...layers]) {
      context.fillStyle = layer;
      context.fillRect(0, 0, 1, 1);
    }
    const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
    return (0xff000000 | (b! << 16) | (g! << 8) | r!) >>> 0;
  };
}

/** Of the minimap's bars, as pixels. */
export type BarColors = Readonly<Record<'background' | 'run' | 'ready' | 'blocked', number>>;

export function makeBarColors(theme: Theme): BarColors {
  const pixel = makePixelOf(theme);
  const { run, ready, blocked } = theme;
  return { background: pixel(), run: pixel(run), ready: pixel(ready), blocked: pixel(blocked) };
}

export function paletteOf(theme: Theme): Palette {
  const pixel = makePixelOf(theme);
  const background = pixel();
  const blocked = pixel(theme.blocked);
  const isHighContrast = theme.highContrast;
  return {
    background,
    run: pixel(theme.run),
    ready: pixel(theme.ready),
    // Most waits are harmless: they are quiet, so that what the answer is about is loud.
    blocked: isHighContrast ? blocked : blend(blocked, background, QUIET_SHARE),
    idle: pixel(theme.idle),
    mark: isHighContrast ? background : blend(blocked, background, QUIET_STRIPE_SHARE),
    dots: background,
  };
}

/** How much of the background is in a wait, and in the stripes over it. */
const QUIET_SHARE = 0.65;
const QUIET_STRIPE_SHARE = 0.25;

/** `share` of the colour `b`, the rest of `a`. */
function blend(a: number, b: number, share: number): number {
  const channel = (shift: number) =>
    Math.round(((a >> shift) & 255) * (1 - share) + ((b >> shift) & 255) * share) << shift;
  return (0xff000000 | channel(16) | channel(8) | channel(0)) >>> 0;
}
