/**
 * A timer that is due while another holds the thread: from then on the task could run. The records
 * only say when the timer was heard, so the picture would show it as idle: its victims look like a
 * harmless wait. Only where the name of the timer tells its time; only while the thread ran.
 */
import { Class, CLASS_OF_CODE, stateOf } from '../../../runtime/trace/columns/classes.ts';
import { bandsOf } from '../../../runtime/trace/columns/paint.ts';
import type { TrackSpan } from '../../../runtime/trace/columns/tracks.ts';
import { timerNs } from '../../../runtime/trace/graph/world.ts';
import type { Interval } from '../../../runtime/trace/model/spans.ts';
import { resourceOfTarget, State } from '../../../runtime/trace/model/state.ts';
import type { Session } from '../session/session.ts';
import { sampleSpans, visibleRows, type LayerScene, type VisibleRow } from './layer.ts';

/** A timer this late is late by itself. */
const MIN_LATE_NS = 5e6;
/** Distance of the points that are looked at, in CSS pixels. */
const STEP_PX = 16;
const MIN_ROW_PX = 8;
const MAX_LANE_SPANS = 64;

export function drawDueWaits(scene: LayerScene): void {
  const { session } = scene;
  const { rows } = session.columns;
  for (const visible of visibleRows(scene)) {
    const { kind, index: row, height } = visible.row;
    if (kind !== 'task' || height < MIN_ROW_PX) continue;
    for (const span of sampleSpans(scene, rows, row, STEP_PX)) {
      if (CLASS_OF_CODE[span.code] !== Class.idle || stateOf(span.code) !== State.wait) continue;
      for (const held of dueWhileHeld(session, row, span)) drawDue(scene, visible, held);
    }
  }
}

/** The times for which a row's timer was due and another had the thread. */
export function dueWhileHeld(session: Session, row: number, span: TrackSpan): Interval[] {
  const { trace, columns } = session;
  const dueAfterNs = timerNs(trace, resourceOfTarget(span.target));
  if (dueAfterNs === 0) return [];
  const toNs = span.endNs ?? columns.rowUntilNs(row);
  const fromNs = span.startNs + dueAfterNs;
  if (toNs - fromNs < MIN_LATE_NS) return [];
  const lane = trace.tasks.lane[row]!;
  const { lanes } = columns;
  const first = Math.max(0, lanes.at(lane, fromNs));
  const held: Interval[] = [];
  for (let index = first; index < Math.min(lanes.count(lane), first + MAX_LANE_SPANS); index++) {
    const { startNs, endNs, code } = lanes.span(lane, index);
    if (startNs >= toNs) break;
    const untilNs = Math.min(toNs, endNs ?? columns.laneUntilNs(lane));
    const sinceNs = Math.max(fromNs, startNs);
    if (stateOf(code) === State.run && untilNs > sinceNs) held.push({ fromNs: sinceNs, toNs: untilNs });
  }
  return held;
}

function drawDue(
  { context, view, theme, width, ratio }: LayerScene,
  { top, bottom }: VisibleRow,
  { fromNs, toNs }: Interval,
): void {
  const x0 = Math.max(0, Math.round(view.pixelAt(fromNs)));
  const x1 = Math.min(width, Math.round(view.pixelAt(toNs)));
  if (x1 - x0 < 1) return;
  const bands = bandsOf(bottom - top);
  const y = top + bands.readyTop;
  context.fillStyle = theme.ready;
  context.fillRect(x0, y, x1 - x0, bands.readyBottom - bands.readyTop);
  context.fillStyle = theme.background;
  for (let x = x0; x < x1; x += 4 * ratio) context.fillRect(x, y, 2 * ratio, ratio);
}
