/** Where the links of a sentence lead. */
import type { PanelController } from './panel-controller.ts';

export function taskSelected(stage: PanelController, task: number): void {
  const row = stage.session.trace.rowOf(task);
  const t = stage.session.span()?.startNs;
  const { rows } = stage.session.columns;
  const at = t === undefined ? -1 : rows.at(row, t);
  stage.select(
    { kind: 'task', row, index: Math.max(at, Math.min(0, rows.count(row) - 1)), key: `t${row}` },
    { reveal: true, preview: true },
  );
}

export function resourceSelected(stage: PanelController, resource: number): void {
  const key = `r${resource}`;
  stage.select({ kind: 'resource', row: resource, index: -1, key }, { preview: true });
  stage.revealRow();
}
