/** The level of a queue, lock or pool over time: lowest and highest level of each pixel. */
import type { LevelTrack } from '../../../runtime/trace/columns/levels.ts';
import { hasPermits } from '../../../runtime/trace/words/resource.ts';
import { visibleRows, type LayerScene, type VisibleRow } from './layer.ts';

/** Lowest and highest level of each pixel, reused for all rows. A highest below 0: no level yet. */
let minLevels = new Float32Array(0);
let maxLevels = new Float32Array(0);

export function drawResourceLevels(scene: LayerScene): void {
  const { session, view, width } = scene;
  const endPx = Math.min(width, Math.ceil(view.pixelAt(session.trace.endNs)));
  if (endPx <= 0) return;
  if (minLevels.length < width) {
    minLevels = new Float32Array(width);
    maxLevels = new Float32Array(width);
  }
  for (const visible of visibleRows(scene)) {
    const { row } = visible;
    const isJobQueue = row.kind === 'resource' && session.queueTracksOf(row.index) !== null;
    const track = isJobQueue ? undefined : session.levelTrackOf(row);
    if (track) drawLevels(scene, visible, track, endPx);
  }
}

function drawLevels(scene: LayerScene, visible: VisibleRow, track: LevelTrack, endPx: number): void {
  const { context, session, view, theme, width, ratio } = scene;
  const { row, top, bottom } = visible;
  const resource = session.trace.resources[row.index];
  if (!resource) return;
  track.range(view.startNs, view.nsPerPixel, endPx, { min: minLevels, max: maxLevels });
  const marginPx = Math.round(3 * ratio);
  const roomPx = bottom - top - 2 * marginPx;
  const fullLevel = Math.max(1, resource.capacity ?? 0, track.max);
  const isPermits = hasPermits(resource);
  if (isPermits) invertLevels(fullLevel, endPx);
  const yOf = (level: number): number => bottom - marginPx - (level / fullLevel) * roomPx;
  context.fillStyle = theme.run;
  for (let x = 0; x < endPx; x++) {
    const max = maxLevels[x]!;
    if (max < 0) continue;
    context.globalAlpha = 0.3;
    if (max > 0) context.fillRect(x, yOf(max), 1, yOf(0) - yOf(max));
    context.globalAlpha = 1;
    context.fillRect(x, yOf(max) - 1, 1, Math.max(ratio, yOf(minLevels[x]!) - yOf(max)));
  }
  context.strokeStyle = theme.guide;
  context.lineWidth = 1;
  strokeAcross(context, width, bottom - marginPx + 0.5);
  if (isPermits || resource.capacity === null || resource.capacity <= 0) return;
  context.strokeStyle = theme.blocked;
  context.setLineDash([4 * ratio, 3 * ratio]);
  strokeAcross(context, width, Math.round(yOf(resource.capacity)) + 0.5);
  context.setLineDash([]);
}

/** Records say how many permits are left. The picture shows those taken: a held lock is full. */
function invertLevels(fullLevel: number, endPx: number): void {
  for (let x = 0; x < endPx; x++) {
    const max = maxLevels[x]!;
    if (max < 0) continue;
    maxLevels[x] = fullLevel - minLevels[x]!;
    minLevels[x] = fullLevel - max;
  }
}

function strokeAcross(context: OffscreenCanvasRenderingContext2D, width: number, y: number): void {
  context.beginPath();
  context.moveTo(0, y);
  context.lineTo(width, y);
  context.stroke();
}
