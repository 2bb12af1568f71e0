/** Tasks whose name or file contains a text. What is found is marked in the picture. */
import { selectAndReveal } from './link-targets.ts';
import type { PanelController } from './panel-controller.ts';
import { taskSpan } from './session/session.ts';

const MAX_HITS = 10_000;

/** How many tasks were found, and which of them is selected; `index` −1: none. */
export interface SearchResult {
  readonly count: number;
  readonly index: number;
}

/** `step` 0 only marks what is found; 1 and −1 go to the next and the previous one. */
export function searchTasks(panel: PanelController, text: string, step: 0 | 1 | -1): SearchResult {
  const hits = findTasks(panel, text.trim().toLowerCase());
  panel.searchHits = new Set(hits);
  if (hits.length === 0) return { count: 0, index: -1 };
  const { selected } = panel.selection;
  const current = selected?.kind === 'task' ? hits.indexOf(selected.row) : -1;
  if (step === 0) return { count: hits.length, index: current };
  const from = current < 0 && step < 0 ? 0 : current;
  const index = (from + step + hits.length) % hits.length;
  selectAndReveal(panel, taskSpan(hits[index]!, 0));
  return { count: hits.length, index };
}

function findTasks({ session }: PanelController, text: string): number[] {
  if (text === '') return [];
  const { trace } = session;
  const { tasks } = trace;
  const hits: number[] = [];
  for (let row = 0; row < tasks.count && hits.length < MAX_HITS; row++) {
    if (tasks.frameOf[row]! >= 0) continue;
    const site = trace.sites[tasks.site[row]!];
    if (`${trace.labelOf(row)} ${site?.file ?? ''}`.toLowerCase().includes(text)) hits.push(row);
  }
  return hits;
}
