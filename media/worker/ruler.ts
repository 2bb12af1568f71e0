/** The ruler: ticks at round times, the cursor, marks and the distance between the last two. */
import type { Theme } from '../messages.ts';
import { duration } from '../../runtime/trace/words/duration.ts';
import type { View } from './view.ts';

/** The round number (1, 2, 5 × 10ⁿ) next above. */
export function roundStep(ns: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(ns, 1e-3)));
  for (const factor of [1, 2, 5]) if (factor * power >= ns) return factor * power;
  return 10 * power;
}

export function drawRuler(
  context: OffscreenCanvasRenderingContext2D,
  view: View,
  theme: Theme,
  ratio: number,
  cursorPx: number | null,
  marks: readonly number[],
): void {
  const { width, height } = context.canvas;
  context.fillStyle = theme.background;
  context.fillRect(0, 0, width, height);
  context.font = `${Math.round((theme.fontPx - 2) * ratio)}px ${theme.fontFamily}`;
  context.textBaseline = 'middle';
  const step = roundStep(view.nsPerPixel * 90 * ratio);
  const minor = step / 5;
  context.fillStyle = theme.guide;
  for (let n = Math.ceil(view.startNs / minor); n * minor < view.endNs; n++) {
    const x = Math.round(view.pixel(n * minor));
    const major = n % 5 === 0;
    context.fillRect(
      x,
      major ? height - 8 * ratio : height - 4 * ratio,
      Math.max(1, Math.round(ratio)),
      height,
    );
  }
  context.fillStyle = theme.muted;
  for (let n = Math.floor(view.startNs / step); n * step < view.endNs; n++) {
    const x = Math.round(view.pixel(n * step));
    context.fillText(tickWords(n * step, step), x + 4 * ratio, height / 2 - 2 * ratio);
  }
  context.fillRect(0, height - 1, width, 1);
  marks.forEach((t, i) => {
    const x = Math.round(view.pixel(t));
    context.fillStyle = theme.focus;
    context.beginPath();
    context.moveTo(x - 4 * ratio, 0);
    context.lineTo(x + 4 * ratio, 0);
    context.lineTo(x, 6 * ratio);
    context.fill();
    const before = marks[i - 1];
    if (before !== undefined) tag(context, theme, ratio, x, `Δ ${duration(Math.abs(t - before))}`);
  });
  if (cursorPx !== null) tag(context, theme, ratio, cursorPx, duration(view.time(cursorPx)));
}

function tickWords(ns: number, step: number): string {
  if (ns === 0) return '0';
  const [unit, name] =
    step >= 1e9 ? [1e9, 's'] : step >= 1e6 ? [1e6, 'ms'] : step >= 1e3 ? [1e3, 'µs'] : [1, 'ns'];
  return `${Number((ns / unit).toFixed(2)).toLocaleString('en')} ${name}`;
}

function tag(
  context: OffscreenCanvasRenderingContext2D,
  theme: Theme,
  ratio: number,
  x: number,
  words: string,
): void {
  const { width, height } = context.canvas;
  const wide = context.measureText(words).width + 10 * ratio;
  const left = Math.max(0, Math.min(width - wide, x - wide / 2));
  context.fillStyle = theme.foreground;
  context.fillRect(left, 2 * ratio, wide, height - 5 * ratio);
  context.fillStyle = theme.background;
  context.fillText(words, left + 5 * ratio, height / 2);
}
