/**
 * What is laid over the painted rows, a row of the table each: where tasks were born and ended, levels of
 * resources, lost ranges, names on spans that are wide enough, the selection and the arrow that woke it.
 */
import { Class, CLASS_OF_CODE, stateOf } from '../../runtime/trace/columns/classes.ts';
import { bandsOf } from '../../runtime/trace/columns/paint.ts';
import { State } from '../../runtime/trace/model/state.ts';
import { hasPermits } from '../../runtime/trace/words/resource.ts';
import type { Theme } from '../messages.ts';
import { labelOf } from './selection-details.ts';
import type { Row } from './rows.ts';
import type { Session } from './session.ts';
import { wakeOf } from './span-navigation.ts';
import type { View } from './view.ts';

export interface Layer {
  readonly context: OffscreenCanvasRenderingContext2D;
  readonly session: Session;
  readonly view: View;
  readonly theme: Theme;
  readonly topPx: number;
  readonly ratio: number;
  readonly width: number;
  readonly height: number;
  readonly current: string | null;
  readonly found: ReadonlySet<number>;
}

const MAX_LABEL_PX = 400;
const LABEL_EVERY_PX = 36;
const MAX_LOSSES = 300;
const ENDED_OK = 1;

export const LAYERS: readonly ((layer: Layer) => void)[] = [
  drawCurrentRow,
  drawFolds,
  drawLevels,
  drawLosses,
  drawEnds,
  drawLabels,
  drawSelection,
  drawMarks,
];

function* visible({
  session,
  topPx,
  ratio,
  height,
}: Layer): Iterable<{ row: Row; top: number; bottom: number }> {
  const { list } = session.rows;
  for (let i = Math.max(0, session.rows.at(topPx)); i < list.length; i++) {
    const row = list[i]!;
    const top = Math.round((row.y - topPx) * ratio);
    if (top >= height) return;
    yield { row, top, bottom: Math.round((row.y + row.height - topPx) * ratio) };
  }
}

function drawCurrentRow(layer: Layer): void {
  const { context, theme, width } = layer;
  for (const { row, top, bottom } of visible(layer)) {
    const isFound = row.kind === 'task' && layer.found.has(row.index);
    if (row.key !== layer.current && !isFound) continue;
    context.globalAlpha = row.key === layer.current ? 0.1 : 0.16;
    context.fillStyle = isFound ? theme.ready : theme.foreground;
    context.fillRect(0, top, width, bottom - top);
    context.globalAlpha = 1;
  }
}

/** A fold shows from when to when its tasks lived, as a faint band. */
function drawFolds(layer: Layer): void {
  const { context, session, theme, view } = layer;
  for (const { row, top, bottom } of visible(layer)) {
    if (row.kind !== 'ended' || row.expanded === true) continue;
    const bands = bandsOf(bottom - top);
    const x0 = Math.max(0, view.pixel(0));
    const x1 = Math.min(layer.width, view.pixel(session.trace.endNs));
    context.globalAlpha = 0.35;
    context.fillStyle = theme.guide;
    context.fillRect(x0, top + bands.lineTop, x1 - x0, bands.lineBottom - bands.lineTop);
    context.globalAlpha = 1;
  }
}

let minOf = new Float32Array(0);
let maxOf = new Float32Array(0);

function drawLevels(layer: Layer): void {
  const { context, session, view, theme, width, ratio } = layer;
  for (const { row, top, bottom } of visible(layer)) {
    if (row.kind !== 'resource') continue;
    const track = session.columns.levels[row.index];
    const resource = session.trace.resources[row.index];
    if (!track || !resource) continue;
    if (minOf.length < width) {
      minOf = new Float32Array(width);
      maxOf = new Float32Array(width);
    }
    const until = Math.min(width, Math.ceil(view.pixel(session.trace.endNs)));
    if (until <= 0) continue;
    track.range(view.startNs, view.nsPerPixel, until, { min: minOf, max: maxOf });
    const air = Math.round(3 * ratio);
    const room = bottom - top - 2 * air;
    const inUse = hasPermits(resource);
    const full = Math.max(1, resource.capacity ?? 0, track.max);
    if (inUse) {
      // Told are the permits left; shown are those taken, so that a held lock is a full lane.
      for (let x = 0; x < until; x++) {
        if (maxOf[x]! < 0) continue;
        const left = maxOf[x]!;
        maxOf[x] = full - minOf[x]!;
        minOf[x] = full - left;
      }
    }
    const y = (level: number): number => bottom - air - (level / full) * room;
    context.fillStyle = theme.run;
    for (let x = 0; x < until; x++) {
      if (maxOf[x]! < 0) continue;
      context.globalAlpha = 0.3;
      if (maxOf[x]! > 0) context.fillRect(x, y(maxOf[x]!), 1, y(0) - y(maxOf[x]!));
      context.globalAlpha = 1;
      context.fillRect(x, y(maxOf[x]!) - 1, 1, Math.max(ratio, y(minOf[x]!) - y(maxOf[x]!)));
    }
    context.strokeStyle = theme.guide;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(0, bottom - air + 0.5);
    context.lineTo(width, bottom - air + 0.5);
    context.stroke();
    if (!inUse && resource.capacity !== null && resource.capacity > 0) {
      context.strokeStyle = theme.blocked;
      context.setLineDash([4 * ratio, 3 * ratio]);
      context.beginPath();
      context.moveTo(0, Math.round(y(resource.capacity)) + 0.5);
      context.lineTo(width, Math.round(y(resource.capacity)) + 0.5);
      context.stroke();
      context.setLineDash([]);
    }
  }
}

/** Missing records: a gap is drawn as a gap, hatched over every lane that it concerns. */
function drawLosses(layer: Layer): void {
  const { context, session, view, theme, ratio } = layer;
  const { losses } = session.columns;
  let drawn = 0;
  for (const loss of losses) {
    const x0 = Math.max(0, Math.floor(view.pixel(loss.sinceNs)));
    const x1 = Math.min(layer.width, Math.max(x0 + 2 * ratio, Math.ceil(view.pixel(loss.untilNs))));
    if (x1 <= 0 || x0 >= layer.width || drawn++ > MAX_LOSSES) continue;
    for (const { row, top, bottom } of visible(layer)) {
      if (processOf(session, row) !== loss.process) continue;
      context.save();
      context.beginPath();
      context.rect(x0, top, x1 - x0, bottom - top);
      context.clip();
      context.fillStyle = theme.background;
      context.fillRect(x0, top, x1 - x0, bottom - top);
      context.strokeStyle = theme.error;
      context.globalAlpha = 0.7;
      context.lineWidth = ratio;
      context.beginPath();
      for (let x = x0 - (bottom - top); x < x1; x += 6 * ratio) {
        context.moveTo(x, bottom);
        context.lineTo(x + (bottom - top), top);
      }
      context.stroke();
      context.restore();
    }
  }
}

function processOf(session: Session, row: Row): number {
  const { trace } = session;
  switch (row.kind) {
    case 'process':
      return row.index;
    case 'lane':
      return trace.lanes[row.index]!.process;
    case 'task':
      return trace.tasks.process[row.index]!;
    case 'resource':
      return trace.resources[row.index]!.process;
    case 'ended':
      return -1;
  }
}

/** A whisker where a task was born; a cap where it ended, crossed when that was an error. */
function drawEnds(layer: Layer): void {
  const { context, session, view, theme, ratio } = layer;
  const { tasks } = session.trace;
  for (const { row, top, bottom } of visible(layer)) {
    if (row.kind !== 'task') continue;
    const bands = bandsOf(bottom - top);
    const bornPx = Math.round(view.pixel(tasks.beganNs[row.index]!));
    if (bornPx >= 0 && bornPx < layer.width) {
      context.fillStyle = theme.guide;
      context.fillRect(bornPx - ratio, top, ratio, bottom - top);
    }
    if (tasks.state[row.index] !== State.ended) continue;
    const x = Math.round(view.pixel(tasks.endedNs[row.index]!));
    if (x < -8 * ratio || x > layer.width + 8 * ratio) continue;
    const bad = tasks.outcome[row.index]! > ENDED_OK;
    const y0 = top + bands.top;
    const y1 = top + bands.bottom;
    context.fillStyle = bad ? theme.error : theme.foreground;
    context.fillRect(x, y0, Math.max(1, Math.round(1.5 * ratio)), y1 - y0);
    if (!bad || bottom - top < 8) continue;
    const r = Math.min((y1 - y0) / 2 - ratio, 4 * ratio);
    const cx = x + r + 4 * ratio;
    const cy = (y0 + y1) / 2;
    context.strokeStyle = theme.error;
    context.lineWidth = 1.5 * ratio;
    context.beginPath();
    context.moveTo(cx - r, cy - r);
    context.lineTo(cx + r, cy + r);
    context.moveTo(cx + r, cy - r);
    context.lineTo(cx - r, cy + r);
    context.stroke();
  }
}

/** Names, found by looking at a point every so many pixels: the cost does not depend on how many spans there are. */
function drawLabels(layer: Layer): void {
  const { context, session, view, theme, ratio, width } = layer;
  context.font = `${Math.round((theme.fontPx - 2) * ratio)}px ${theme.fontFamily}`;
  context.textBaseline = 'middle';
  let drawn = 0;
  for (const { row, top, bottom } of visible(layer)) {
    if (drawn >= MAX_LABEL_PX) return;
    if ((row.kind !== 'task' && row.kind !== 'lane') || row.height < 14) continue;
    const tracks = row.kind === 'task' ? session.columns.rows : session.columns.lanes;
    let before = -1;
    for (let px = 0; px < width && drawn < MAX_LABEL_PX; px += LABEL_EVERY_PX * ratio) {
      const t = view.time(px);
      if (t > session.trace.endNs) break;
      const index = tracks.at(row.index, t);
      if (index < 0 || index === before) continue;
      before = index;
      const span = tracks.span(row.index, index);
      const kind = CLASS_OF_CODE[span.code]!;
      if (kind === Class.none) continue;
      const x0 = Math.max(0, view.pixel(span.startNs));
      const x1 = Math.min(width, view.pixel(span.endNs ?? session.trace.endNs));
      const air = 6 * ratio;
      if (x1 - x0 < LABEL_EVERY_PX * ratio) continue;
      const label = labelOf(session, row, span);
      if (label === '') continue;
      const text = fitted(context, label, x1 - x0 - 2 * air);
      if (text === '') continue;
      drawn++;
      const y = (top + bottom) / 2;
      const textWidth = context.measureText(text).width;
      context.fillStyle = kind === Class.run ? theme.run : theme.background;
      context.globalAlpha = kind === Class.idle || kind === Class.run ? 1 : 0.86;
      const half = Math.round((bottom - top) / 2 - 4 * ratio);
      context.fillRect(x0 + air - 3 * ratio, y - half, textWidth + 6 * ratio, 2 * half);
      context.globalAlpha = 1;
      context.fillStyle =
        kind === Class.run ? contrastOf(theme.run) : kind === Class.idle ? theme.muted : theme.foreground;
      context.fillText(text, Math.round(x0 + air), Math.round(y + 0.5 * ratio));
    }
  }
}

function fitted(context: OffscreenCanvasRenderingContext2D, label: string, room: number): string {
  if (context.measureText(label).width <= room) return label;
  // Letters differ in width: guess from the mean, then take away until it fits.
  let letters = Math.floor((room / context.measureText(label).width) * label.length);
  while (letters >= 3 && context.measureText(`${label.slice(0, letters)}…`).width > room) letters--;
  return letters >= 3 ? `${label.slice(0, letters)}…` : '';
}

/** Black or white, whichever is read better on the colour (CSS `rgb(…)` or `#rrggbb`). */
export function contrastOf(color: string): string {
  const hex = /^#([0-9a-f]{6})/i.exec(color);
  const parts = hex
    ? [0, 2, 4].map((i) => Number.parseInt(hex[1]!.slice(i, i + 2), 16))
    : (color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
  const [r = 0, g = 0, b = 0] = parts.map((value) => (value / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? '#000000' : '#ffffff';
}

function drawSelection(layer: Layer): void {
  const { context, session, view, theme, ratio } = layer;
  const selected = session.selected;
  const span = session.span();
  if (!selected || !span) return;
  const wake = selected.kind === 'task' ? wakeOf(session, selected) : null;
  let own: { top: number; bottom: number } | null = null;
  let other: { top: number; bottom: number } | null = null;
  for (const { row, top, bottom } of visible(layer)) {
    if (row.key === selected.key) own = { top, bottom };
    if (wake && row.key === `t${wake.waker}`) other = { top, bottom };
  }
  if (!own) return;
  const x0 = view.pixel(span.startNs);
  // Having ended is no stretch of time: the selection is the cap.
  const endNs = stateOf(span.code) === State.ended ? span.startNs : (span.endNs ?? session.trace.endNs);
  const x1 = Math.max(x0 + 4 * ratio, view.pixel(endNs));
  context.strokeStyle = theme.highContrast ? theme.foreground : theme.focus;
  context.lineWidth = 2 * ratio;
  context.strokeRect(
    Math.max(-4, x0),
    own.top + ratio,
    Math.min(layer.width + 4, x1) - Math.max(-4, x0),
    own.bottom - own.top - 2 * ratio,
  );
  if (!wake || wake.waker === selected.row) return;
  // The waker's row may be scrolled away: then the arrow comes from the edge it lies behind.
  const wakerAt = session.rows.find(`t${wake.waker}`);
  if (wakerAt < 0) return;
  const from = other
    ? (other.top + other.bottom) / 2
    : session.rows.list[wakerAt]!.y < layer.topPx
      ? 0
      : layer.height;
  const to = from < own.top ? own.top : own.bottom;
  const x = Math.round(view.pixel(wake.t)) + 0.5;
  const dir = from < to ? 1 : -1;
  context.strokeStyle = context.fillStyle = theme.wake;
  context.lineWidth = 1.5 * ratio;
  context.beginPath();
  context.arc(x, from, 2.5 * ratio, 0, 2 * Math.PI);
  context.fill();
  context.beginPath();
  context.moveTo(x, from);
  context.lineTo(x, to - dir * 5 * ratio);
  context.stroke();
  context.beginPath();
  context.moveTo(x, to);
  context.lineTo(x - 4 * ratio, to - dir * 7 * ratio);
  context.lineTo(x + 4 * ratio, to - dir * 7 * ratio);
  context.fill();
}

function drawMarks({ context, session, view, theme, height, ratio }: Layer): void {
  context.strokeStyle = theme.focus;
  context.lineWidth = ratio;
  context.setLineDash([2 * ratio, 3 * ratio]);
  for (const t of session.marks) {
    const x = Math.round(view.pixel(t)) + 0.5;
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, height);
    context.stroke();
  }
  context.setLineDash([]);
}
