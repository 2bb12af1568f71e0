/**
 * What the answer is about, and deadlocks: the loudest marks of the picture. A folded row shows the
 * alarm of a row inside it.
 */
import type { Alarm } from '../session/alarms.ts';
import { hatch } from './hatch.ts';
import { visibleRows, type LayerScene, type VisibleRow } from './layer.ts';

/** A shorter interval is drawn as wide as this. In CSS pixels. */
const MIN_WIDTH_PX = 6;
const FILL_ALPHA = 0.12;

export function drawAlarms(scene: LayerScene): void {
  const { alarms, tree } = scene.session;
  if (alarms.size === 0) return;
  const shown = [...alarms].map(([row, alarm]) => [tree.shownTask(row), alarm] as const);
  const ofRows = new Map(shown);
  const ofFolds = new Map(shown.map(([row, alarm]) => [tree.foldKeyOf(row), { ...alarm, ...alarm.whole }]));
  for (const visible of visibleRows(scene)) {
    const { kind, index, key, expanded } = visible.row;
    const alarm =
      kind === 'task' ? ofRows.get(index) : kind === 'ended' && !expanded ? ofFolds.get(key) : undefined;
    if (alarm) drawAlarm(scene, visible, alarm);
  }
}

function drawAlarm(scene: LayerScene, visible: VisibleRow, alarm: Alarm): void {
  const { context, session, view, theme, width, ratio } = scene;
  const { fromNs, isDeadlock } = alarm;
  const toNs = alarm.goesOn ? session.trace.endNs : alarm.toNs;
  const fromPx = view.pixelAt(fromNs);
  const toPx = Math.max(view.pixelAt(toNs), fromPx + MIN_WIDTH_PX * ratio);
  const left = Math.max(-4 * ratio, Math.floor(fromPx));
  const right = Math.min(width + 4 * ratio, Math.ceil(toPx));
  if (left >= right) return;
  const { top, bottom } = visible;
  if (isDeadlock) hatch(scene, visible, [left, right], { color: theme.error, covers: true });
  context.globalAlpha = FILL_ALPHA;
  context.fillStyle = theme.error;
  context.fillRect(left, top, right - left, bottom - top);
  context.globalAlpha = 1;
  context.strokeStyle = theme.error;
  context.lineWidth = 2 * ratio;
  context.strokeRect(left, top + ratio, right - left, bottom - top - 2 * ratio);
}
