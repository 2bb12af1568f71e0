/** Times of a whole process, hatched over each of its rows. */
import type { Interval } from '../../../runtime/trace/model/spans.ts';
import type { Row } from '../session/row-tree.ts';
import type { Trace } from '../../../runtime/trace/model/trace.ts';
import { visibleRows, type LayerScene, type VisibleRow } from './layer.ts';

export interface Hatch {
  readonly color: string;
  /** What lies below is not seen. */
  readonly covers: boolean;
}

/** @returns whether it was in view */
export function hatchProcess(
  scene: LayerScene,
  process: number,
  { fromNs, toNs }: Interval,
  style: Hatch,
): boolean {
  const { session, view, width, ratio } = scene;
  const x0 = Math.max(0, Math.floor(view.pixelAt(fromNs)));
  const x1 = Math.min(width, Math.max(x0 + 2 * ratio, Math.ceil(view.pixelAt(toNs))));
  if (x1 <= 0 || x0 >= width) return false;
  for (const visible of visibleRows(scene)) {
    if (processOf(session.trace, visible.row) === process) hatch(scene, visible, [x0, x1], style);
  }
  return true;
}

/** Hatches a row from one pixel to another. */
export function hatch(
  { context, theme, ratio }: LayerScene,
  { top, bottom }: VisibleRow,
  [x0, x1]: readonly [number, number],
  { color, covers }: Hatch,
): void {
  const height = bottom - top;
  context.save();
  context.beginPath();
  context.rect(x0, top, x1 - x0, height);
  context.clip();
  if (covers) {
    context.fillStyle = theme.background;
    context.fillRect(x0, top, x1 - x0, height);
  }
  context.strokeStyle = color;
  context.globalAlpha = 0.7;
  context.lineWidth = ratio;
  context.beginPath();
  for (let x = x0 - height; x < x1; x += 6 * ratio) {
    context.moveTo(x, bottom);
    context.lineTo(x + height, top);
  }
  context.stroke();
  context.restore();
}

/** −1: none. */
export function processOf(trace: Trace, row: Row): number {
  switch (row.kind) {
    case 'process':
      return row.index;
    case 'lane':
      return trace.lanes[row.index]!.process;
    case 'task':
      return trace.tasks.process[row.index]!;
    case 'resource':
      // A queue of jobs is of no process.
      return trace.jobs.queueOf(row.index) >= 0 ? -1 : trace.resources[row.index]!.process;
    case 'ended':
      return -1;
  }
}
