/**
 * A lane for each queue of jobs: active jobs are filled, those that wait stand on them, pale with a
 * line on top, and on these, hatched, those that are held back. A mark at the top edge is where
 * jobs failed for good.
 */
import type { LevelTrack } from '../../../runtime/trace/columns/levels.ts';
import type { QueueTracks } from '../../../runtime/trace/columns/queue-levels.ts';
import { countsAt } from '../../../runtime/trace/columns/queue-levels.ts';
import { visibleRows, type LayerScene, type VisibleRow } from './layer.ts';

/** Of each pixel, reused for all rows. */
const levels = { least: new Float32Array(0), active: new Float32Array(0), waiting: new Float32Array(0) };
let delayed = new Float32Array(0);
let failed = new Float32Array(0);

/** Between two lines of the hatching. */
const HATCH_PX = 4;

export function drawJobQueues(scene: LayerScene): void {
  const { session, view, width } = scene;
  const endPx = Math.min(width, Math.ceil(view.pixelAt(session.trace.endNs)));
  if (endPx <= 0 || session.trace.jobs.queueCount === 0) return;
  if (levels.least.length < width) {
    levels.least = new Float32Array(width);
    levels.active = new Float32Array(width);
    levels.waiting = new Float32Array(width);
    delayed = new Float32Array(width);
    failed = new Float32Array(width);
  }
  for (const visible of visibleRows(scene)) {
    const { row } = visible;
    const tracks = row.kind === 'resource' ? session.queueTracksOf(row.index) : null;
    if (tracks !== null) drawQueue(scene, visible, tracks, endPx);
  }
}

function drawQueue(scene: LayerScene, visible: VisibleRow, tracks: QueueTracks, endPx: number): void {
  const { context, theme, ratio, width } = scene;
  const marginPx = Math.round(3 * ratio);
  const floor = visible.bottom - marginPx;
  const roomPx = floor - visible.top - 2 * marginPx;
  const unitPx = roomPx / Math.max(1, tracks.all.max);
  read(scene, tracks.active, endPx, levels.active);
  read(scene, tracks.waiting, endPx, levels.waiting);
  read(scene, tracks.delayed, endPx, delayed);
  read(scene, tracks.failed, endPx, failed);
  let failedBefore = countsAt(tracks, scene.view.startNs).failed;
  for (let x = 0; x < endPx; x++) {
    const ofActive = Math.max(0, levels.active[x]!) * unitPx;
    const ofWaiting = Math.max(0, levels.waiting[x]!) * unitPx;
    const ofDelayed = Math.max(0, delayed[x]!) * unitPx;
    const top = floor - ofActive - ofWaiting;
    context.fillStyle = theme.run;
    if (ofActive > 0) context.fillRect(x, floor - ofActive, 1, ofActive);
    context.fillStyle = theme.ready;
    if (ofWaiting > 0) {
      context.globalAlpha = 0.35;
      context.fillRect(x, top, 1, ofWaiting);
      context.globalAlpha = 1;
      context.fillRect(x, top, 1, Math.max(1, ratio));
    }
    context.fillStyle = theme.blocked;
    if (ofDelayed > 0) hatchColumn(scene, x, top - ofDelayed, top);
    if (failed[x]! > failedBefore) {
      context.fillStyle = theme.error;
      context.fillRect(x, visible.top + ratio, Math.max(2, 2 * ratio), 2 * marginPx);
    }
    failedBefore = Math.max(failedBefore, failed[x]!);
  }
  context.strokeStyle = theme.guide;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(0, floor + 0.5);
  context.lineTo(width, floor + 0.5);
  context.stroke();
  drawCounts(scene, visible, tracks);
}

/** A column of oblique lines, with its upper edge. */
function hatchColumn({ context, ratio }: LayerScene, x: number, top: number, bottom: number): void {
  context.fillRect(x, top, 1, Math.max(1, ratio));
  const step = Math.max(2, Math.round(HATCH_PX * ratio));
  const first = Math.ceil((top + x) / step) * step - x;
  for (let y = first; y < bottom; y += step) context.fillRect(x, y, 1, Math.max(1, ratio));
}

/** The counts under the pointer, or at the right edge. */
function drawCounts(scene: LayerScene, visible: VisibleRow, tracks: QueueTracks): void {
  const { context, theme, ratio, view, width, cursorPx, session } = scene;
  const atPx = cursorPx ?? width;
  const {
    active,
    waiting,
    delayed: held,
    failed: lost,
  } = countsAt(tracks, Math.min(view.timeAt(atPx), session.trace.endNs));
  const words = `${waiting} waiting · ${active} active · ${held} held back · ${lost} failed`;
  context.font = `${theme.fontPx * ratio}px ${theme.fontFamily}`;
  context.textBaseline = 'top';
  const wide = context.measureText(words).width;
  const left = width - wide - 6 * ratio;
  context.globalAlpha = 0.75;
  context.fillStyle = theme.background;
  context.fillRect(left - 3 * ratio, visible.top + ratio, wide + 6 * ratio, (theme.fontPx + 3) * ratio);
  context.globalAlpha = 1;
  context.fillStyle = theme.foreground;
  context.fillText(words, left, visible.top + 2 * ratio);
}

/** The highest level of each pixel. */
function read({ view }: LayerScene, track: LevelTrack, endPx: number, into: Float32Array): void {
  track.range(view.startNs, view.nsPerPixel, endPx, { min: levels.least, max: into });
}
