/** The ruler: ticks at round times, the cursor, and marks with the time since the mark before. */
import { grouped } from '../../../runtime/trace/format/grouped.ts';
import type { Theme } from '../../messages.ts';
import { duration } from '../../../runtime/trace/words/duration.ts';
import type { View } from '../session/view.ts';

/** Distance of two ticks with a label, at least. In CSS pixels. */
const MIN_TICK_PX = 90;
const MINOR_TICKS = 5;
/** More than fit on any screen. */
const MAX_TICKS = 2000;

export interface RulerScene {
  readonly view: View;
  /** The time that is called 0; null: nothing is recorded, and there is no time to be told. */
  readonly zeroNs: number | null;
  readonly theme: Theme;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  /** The pointer, in device pixels; null: it is elsewhere. */
  readonly cursorPx: number | null;
  /** Times that the reader marked, in ns. */
  readonly marks: readonly number[];
}

/** The next round number (1, 2, 5 × 10ⁿ) from `ns` on. */
export function roundStep(ns: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(ns, 1e-3)));
  for (const factor of [1, 2, 5]) if (factor * power >= ns) return factor * power;
  return 10 * power;
}

export function drawRuler(
  context: OffscreenCanvasRenderingContext2D,
  { view, zeroNs, theme, ratio, cursorPx, marks }: RulerScene,
): void {
  const { width, height } = context.canvas;
  context.fillStyle = theme.background;
  context.fillRect(0, 0, width, height);
  if (zeroNs === null) return;
  context.font = `${Math.round((theme.fontPx - 2) * ratio)}px ${theme.fontFamily}`;
  context.textBaseline = 'middle';
  const step = roundStep(view.nsPerPixel * MIN_TICK_PX * ratio);
  const minorStep = step / MINOR_TICKS;
  context.fillStyle = theme.guide;
  const firstMinor = Math.ceil((view.startNs - zeroNs) / minorStep);
  for (let i = 0, n = firstMinor; i < tickCount(view, minorStep); n = firstMinor + ++i) {
    const x = Math.round(view.pixelAt(zeroNs + n * minorStep));
    const major = n % MINOR_TICKS === 0;
    context.fillRect(
      x,
      major ? height - 8 * ratio : height - 4 * ratio,
      Math.max(1, Math.round(ratio)),
      height,
    );
  }
  context.fillStyle = theme.muted;
  const first = Math.floor((view.startNs - zeroNs) / step);
  for (let i = 0, n = first; i <= tickCount(view, step); n = first + ++i) {
    const x = Math.round(view.pixelAt(zeroNs + n * step));
    context.fillText(tickLabel(n * step, step), x + 4 * ratio, height / 2 - 2 * ratio);
  }
  context.fillRect(0, height - 1, width, 1);
  marks.forEach((markNs, i) => {
    const x = Math.round(view.pixelAt(markNs));
    context.fillStyle = theme.focus;
    context.beginPath();
    context.moveTo(x - 4 * ratio, 0);
    context.lineTo(x + 4 * ratio, 0);
    context.lineTo(x, 6 * ratio);
    context.fill();
    const before = marks[i - 1];
    if (before !== undefined) drawTag(context, theme, ratio, x, `Δ ${duration(Math.abs(markNs - before))}`);
  });
  if (cursorPx !== null) drawTag(context, theme, ratio, cursorPx, atTime(view.timeAt(cursorPx) - zeroNs));
}

/**
 * How many ticks the view has at most. They are counted: a tick's number may be so large that one
 * more does not change it, and a loop up to the view's end would not end.
 */
export function tickCount({ startNs, endNs }: Pick<View, 'startNs' | 'endNs'>, stepNs: number): number {
  const count = Math.ceil((endNs - startNs) / stepNs);
  return count > 0 ? Math.min(count, MAX_TICKS) : 0;
}

/** Before the zero there is time, too: the runtime starts. */
const atTime = (ns: number): string => (ns < 0 ? `−${duration(-ns)}` : duration(ns));

function tickLabel(ns: number, step: number): string {
  if (ns === 0) return '0';
  const [unit, name] =
    step >= 1e9 ? [1e9, 's'] : step >= 1e6 ? [1e6, 'ms'] : step >= 1e3 ? [1e3, 'µs'] : [1, 'ns'];
  // No toLocaleString: it took an eighth of the time of a living program's pictures.
  const [whole, part] = Math.abs(ns / unit)
    .toFixed(2)
    .replace(/\.?0+$/, '')
    .split('.');
  return `${ns < 0 ? '−' : ''}${grouped(Number(whole))}${part === undefined ? '' : `.${part}`} ${name}`;
}

/** Text on a filled box around `x`, moved to stay on the canvas. */
function drawTag(
  context: OffscreenCanvasRenderingContext2D,
  theme: Theme,
  ratio: number,
  x: number,
  words: string,
): void {
  const { width, height } = context.canvas;
  const tagWidth = context.measureText(words).width + 10 * ratio;
  const left = Math.max(0, Math.min(width - tagWidth, x - tagWidth / 2));
  context.fillStyle = theme.foreground;
  context.fillRect(left, 2 * ratio, tagWidth, height - 5 * ratio);
  context.fillStyle = theme.background;
  context.fillText(words, left + 5 * ratio, height / 2);
}
