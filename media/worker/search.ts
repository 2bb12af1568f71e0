/** Tasks whose name, function or file has the text in it; found ones are marked in the picture. */
import type { PanelController } from './panel-controller.ts';

const MAX_RESULTS = 10_000;

export function searchTasks(
  stage: PanelController,
  text: string,
  step: 0 | 1 | -1,
): { count: number; at: number } {
  const { trace } = stage.session;
  const wanted = text.trim().toLowerCase();
  stage.found = new Set();
  if (wanted === '') return { count: 0, at: -1 };
  const hits: number[] = [];
  const { tasks } = trace;
  for (let row = 0; row < tasks.count && hits.length < MAX_RESULTS; row++) {
    if (tasks.frameOf[row]! >= 0) continue;
    const site = trace.sites[tasks.site[row]!];
    if (`${trace.labelOf(row)} ${site?.file ?? ''}`.toLowerCase().includes(wanted)) hits.push(row);
  }
  stage.found = new Set(hits);
  const selected = stage.session.selected;
  const current = selected?.kind === 'task' ? hits.indexOf(selected.row) : -1;
  if (step === 0 || hits.length === 0) return { count: hits.length, at: current };
  const at = ((((current < 0 && step < 0 ? 0 : current) + step) % hits.length) + hits.length) % hits.length;
  const row = hits[at]!;
  stage.select({ kind: 'task', row, index: 0, key: `t${row}` }, { reveal: true, preview: true });
  return { count: hits.length, at };
}
