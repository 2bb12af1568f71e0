/**
 * Frames inside their row: an activation that its caller awaits at once has no row of its own. A
 * bracket along the top of the row says how long the row waited in which function, with its name
 * where no wait below it is wide enough for a label. They are found as labels are: by asking for
 * the span at a point every so many pixels.
 */
import { stateOf } from '../../../runtime/trace/columns/classes.ts';
import { State } from '../../../runtime/trace/model/state.ts';
import type { TrackSpan } from '../../../runtime/trace/columns/tracks.ts';
import type { Session } from '../session/session.ts';
import { frameOf } from '../words/span-words.ts';
import { sampleSpans, visibleRows, type LayerScene, type SampledScene, type VisibleRow } from './layer.ts';
import { MIN_SPAN_PX, shortenToWidth } from './span-labels.ts';

const STEP_PX = 8;
const MIN_ROW_PX = 14;
const TICK_PX = 4;
const MAX_FRAMES = 400;

/** Between two waits that follow each other a row is ready and runs. */
const MAX_SPANS_BETWEEN = 3;
/** Where spans are left out, those at these parts of the way are asked. Uneven: turns repeat. */
const ASKED_PARTS = [0.13, 0.37, 0.62, 0.91] as const;

interface Frame {
  readonly name: string;
  readonly fromNs: number;
  toNs: number;
  /** Index of its last span. */
  last: number;
  /** Of the longest wait in it. */
  longestNs: number;
}

export function drawFrames(scene: LayerScene): void {
  const { context, theme, ratio } = scene;
  context.font = `${Math.round((theme.fontPx - 3) * ratio)}px ${theme.fontFamily}`;
  context.textBaseline = 'middle';
  let drawn = 0;
  for (const visible of visibleRows(scene)) {
    if (visible.row.kind !== 'task' || visible.row.height < MIN_ROW_PX) continue;
    for (const frame of framesInView(scene, visible.row.index)) {
      if (drawn++ >= MAX_FRAMES) return;
      drawFrame(scene, visible, frame);
    }
  }
}

/** Waits in the same function that follow each other, in the order of time. */
export function framesInView(scene: SampledScene, row: number): readonly Frame[] {
  const { session } = scene;
  const { columns } = session;
  const frames: Frame[] = [];
  for (const span of sampleSpans(scene, columns.rows, row, STEP_PX)) {
    if (stateOf(span.code) !== State.wait) continue;
    const name = nameOfWait(session, row, span);
    const toNs = span.endNs ?? columns.rowUntilNs(row);
    const before = frames.at(-1);
    if (before?.name === name && isAllOf(session, row, before, span.index)) {
      before.toNs = toNs;
      before.last = span.index;
      before.longestNs = Math.max(before.longestNs, toNs - span.startNs);
    } else
      frames.push({ name, fromNs: span.startNs, toNs, last: span.index, longestNs: toNs - span.startNs });
  }
  return frames.filter(({ name }) => name !== '');
}

const nameOfWait = ({ trace }: Session, row: number, { ref }: TrackSpan): string =>
  frameOf(trace, row, trace.sites[ref]?.fn ?? '');

/** Whether the waits that were left out between two of the same function are of it, too. */
function isAllOf(session: Session, row: number, { name, last }: Frame, index: number): boolean {
  const { rows } = session.columns;
  if (index - last <= MAX_SPANS_BETWEEN) return true;
  return ASKED_PARTS.every((part) => {
    const asked = last + Math.ceil((index - last) * part);
    for (let i = asked; i < Math.min(index, asked + MAX_SPANS_BETWEEN); i++) {
      const span = rows.span(row, i);
      if (stateOf(span.code) === State.wait) return nameOfWait(session, row, span) === name;
    }
    return true;
  });
}

function drawFrame(scene: LayerScene, { top, bottom }: VisibleRow, frame: Frame): void {
  const { context, view, theme, width, ratio } = scene;
  const x0 = Math.max(0, Math.round(view.pixelAt(frame.fromNs)));
  const x1 = Math.min(width, Math.round(view.pixelAt(frame.toNs)));
  if (x1 - x0 < 2 * ratio) return;
  context.fillStyle = theme.muted;
  const line = Math.max(1, Math.round(ratio));
  context.fillRect(x0, top, x1 - x0, line);
  context.fillRect(x0, top, line, TICK_PX * ratio);
  context.fillRect(x1 - line, top, line, TICK_PX * ratio);
  const hasWideWait = frame.longestNs / view.nsPerPixel >= MIN_SPAN_PX * ratio;
  if (hasWideWait || x1 - x0 < MIN_SPAN_PX * ratio) return;
  const text = shortenToWidth(context, frame.name, x1 - x0 - 8 * ratio);
  if (text === '') return;
  const textWidth = context.measureText(text).width;
  const x = Math.round((x0 + x1 - textWidth) / 2);
  const y = Math.round((top + bottom) / 2);
  context.fillStyle = theme.background;
  context.fillRect(x - 2 * ratio, y - 6 * ratio, textWidth + 4 * ratio, 12 * ratio);
  context.fillStyle = theme.muted;
  context.fillText(text, x, y);
}
