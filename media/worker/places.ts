/** Places of the picture to which the page's lists lead: a task's span at a time. */
import type { Place } from '../messages.ts';
import { findingView } from './overview.ts';
import type { PanelController } from './panel-controller.ts';

export function showPlace(stage: PanelController, { task, t }: Place): void {
  if (task < 0) return;
  const row = stage.session.trace.rowOf(task);
  const { rows } = stage.session.columns;
  const index = Math.max(rows.at(row, t), Math.min(0, rows.count(row) - 1));
  stage.select({ kind: 'task', row, index, key: `t${row}` }, { reveal: true, preview: true });
}

/** The finding after the one shown last; from the last on to the first. Those of no task have no place. */
export function showNextFinding(stage: PanelController): void {
  const { session } = stage;
  const places = session.findings
    .map((finding) => findingView(finding).place)
    .filter(({ task }) => task >= 0);
  if (places.length === 0) return;
  session.findingShown = (session.findingShown + 1) % places.length;
  showPlace(stage, places[session.findingShown]!);
}
