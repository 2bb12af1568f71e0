/**
 * Names on spans that are wide enough. They are found by asking for the span at a point every so
 * many pixels: the cost does not depend on how many spans there are.
 */
import { Class, CLASS_OF_CODE } from '../../../runtime/trace/columns/classes.ts';
import type { TrackSpan } from '../../../runtime/trace/columns/tracks.ts';
import type { Row } from '../session/row-tree.ts';
import type { Session } from '../session/session.ts';
import { spanLabel } from '../words/span-words.ts';
import { tracksOf } from '../session/span-navigation.ts';
import { dueWhileHeld } from './due-waits.ts';
import { visibleRows, type LayerScene, type VisibleRow } from './layer.ts';

const MAX_LABELS = 400;
const MIN_ROW_PX = 14;
/** The narrowest span with a label, and the distance of the points that are looked at. */
export const MIN_SPAN_PX = 36;
const MIN_LETTERS = 3;

export function drawSpanLabels(scene: LayerScene): void {
  const { context, theme, ratio } = scene;
  context.font = `${Math.round((theme.fontPx - 2) * ratio)}px ${theme.fontFamily}`;
  context.textBaseline = 'middle';
  let drawn = 0;
  for (const visible of visibleRows(scene)) {
    if (drawn >= MAX_LABELS) return;
    if (visible.row.height >= MIN_ROW_PX) drawn += labelRow(scene, visible, MAX_LABELS - drawn);
  }
}

/** @returns how many labels it drew; at most `maxLabels`. */
function labelRow(scene: LayerScene, visible: VisibleRow, maxLabels: number): number {
  const { context, session, view, width, ratio } = scene;
  const { row } = visible;
  const tracks = tracksOf(session, row.kind);
  if (!tracks) return 0;
  const minSpanPx = MIN_SPAN_PX * ratio;
  const paddingPx = 6 * ratio;
  let drawn = 0;
  let lastIndex = -1;
  for (let px = 0; px < width && drawn < maxLabels; px += minSpanPx) {
    const atNs = view.timeAt(px);
    if (atNs > session.trace.endNs) break;
    const index = tracks.at(row.index, atNs);
    if (index < 0 || index === lastIndex) continue;
    lastIndex = index;
    const span = tracks.span(row.index, index);
    const spanClass = CLASS_OF_CODE[span.code]!;
    if (spanClass === Class.none) continue;
    const x0 = Math.max(0, view.pixelAt(span.startNs));
    const x1 = Math.min(width, view.pixelAt(labelledUntilNs(session, row, span)));
    if (x1 - x0 < minSpanPx) continue;
    const label = spanLabel(session, row, span);
    const text = label === '' ? '' : shortenToWidth(context, label, x1 - x0 - 2 * paddingPx);
    if (text === '') continue;
    drawn++;
    drawLabel(scene, visible, spanClass, text, x0 + paddingPx);
  }
  return drawn;
}

/**
 * Up to where a span has its own look. A timer that is due is drawn as such: a label there would
 * hide what the picture is to show.
 */
export function labelledUntilNs(session: Session, row: Row, span: TrackSpan): number {
  const [due] = row.kind === 'task' ? dueWhileHeld(session, row.index, span) : [];
  return due?.fromNs ?? span.endNs ?? session.trace.endNs;
}

function drawLabel(
  { context, theme, ratio }: LayerScene,
  { top, bottom }: VisibleRow,
  spanClass: number,
  text: string,
  x: number,
): void {
  const isRun = spanClass === Class.run;
  const isIdle = spanClass === Class.idle;
  const y = (top + bottom) / 2;
  const halfPx = Math.round((bottom - top) / 2 - 4 * ratio);
  const textWidth = context.measureText(text).width;
  context.fillStyle = isRun ? theme.run : theme.background;
  context.globalAlpha = isIdle || isRun ? 1 : 0.72;
  context.fillRect(x - 3 * ratio, y - halfPx, textWidth + 6 * ratio, 2 * halfPx);
  context.globalAlpha = 1;
  context.fillStyle = isRun ? contrastOf(theme.run) : isIdle ? theme.muted : theme.foreground;
  context.fillText(text, Math.round(x), Math.round(y + 0.5 * ratio));
}

/** The label, cut to the room with an ellipsis; '': there is no room for three letters. */
export function shortenToWidth(
  context: OffscreenCanvasRenderingContext2D,
  label: string,
  roomPx: number,
): string {
  const widthPx = context.measureText(label).width;
  if (widthPx <= roomPx) return label;
  // Letters differ in width: guess from the mean, then drop letters until it fits.
  let letters = Math.floor((roomPx / widthPx) * label.length);
  const cut = (): string => `${label.slice(0, letters)}…`;
  while (letters >= MIN_LETTERS && context.measureText(cut()).width > roomPx) letters--;
  return letters >= MIN_LETTERS ? cut() : '';
}

/** Black or white, whichever is easier to read on the colour (CSS `rgb(…)` or `#rrggbb`). */
function contrastOf(color: string): string {
  const hex = /^#([0-9a-f]{6})/i.exec(color);
  const parts = hex
    ? [0, 2, 4].map((i) => Number.parseInt(hex[1]!.slice(i, i + 2), 16))
    : (color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
  // Relative luminance of sRGB, with a plain power for its curve.
  const [r = 0, g = 0, b = 0] = parts.map((value) => (value / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? '#000000' : '#ffffff';
}
