/** Where the links of sentences and the lists of the page lead. */
import type { LinkTarget, SpanPlace } from '../messages.ts';
import { stateOf } from '../../runtime/trace/columns/classes.ts';
import { State } from '../../runtime/trace/model/state.ts';
import { isVerdict } from '../../runtime/trace/queries/why.ts';
import { provingSpan } from './session/proving-span.ts';
import { toFindingView } from './words/overview.ts';
import type { PanelController } from './panel-controller.ts';
import { resourceKey } from './session/row-tree.ts';
import { taskSpan, type Selected } from './session/session.ts';

/**
 * Selects, brings into view and shows in the editor.
 * @param site the line to show; −1 or undefined: the one of the selection
 */
export function selectAndReveal(panel: PanelController, selected: Selected, site = -1): void {
  panel.selection.select(selected, { preview: true, reveal: true, site });
}

export function followLink(panel: PanelController, target: LinkTarget): void {
  if ('site' in target) panel.openSite(target.site);
  else if ('task' in target) followTaskLink(panel, target.task);
  else followResourceLink(panel, target.resource);
}

/** Selects the task's span at the time of the selection; without a selection its first one. */
function followTaskLink(panel: PanelController, task: number): void {
  const { trace, columns, tree } = panel.session;
  const row = tree.shownTask(trace.rowOf(task));
  const span = panel.selection.span();
  const index = span ? columns.rows.at(row, span.startNs) : -1;
  selectAndReveal(panel, taskSpan(row, Math.max(index, firstIndex(panel, row))));
}

function followResourceLink(panel: PanelController, resource: number): void {
  const key = resourceKey(resource);
  panel.selection.select({ kind: 'resource', row: resource, index: -1, key }, { preview: true });
  panel.selection.revealRow();
}

/** A place of no task leads nowhere. */
export function showSpanPlace(panel: PanelController, place: SpanPlace): void {
  if (place.task < 0) return;
  const { session } = panel;
  const row = session.tree.shownTask(session.trace.rowOf(place.task));
  const index = Math.max(provingSpan(session, row, place), firstIndex(panel, row));
  const selected = taskSpan(row, index);
  const span = session.spanOf(selected);
  // An end may have no line of its own: no record told where. The claim's line says more.
  const isEnd = span !== null && stateOf(span.code) === State.ended;
  selectAndReveal(panel, selected, isEnd ? place.site : undefined);
}

/** Goes from each finding to the next, and from the last to the first. Skips those of no task. */
export function showNextFinding(panel: PanelController): void {
  const { session } = panel;
  const places = session.findings
    .map((finding) => toFindingView(finding).place)
    .filter(({ task }) => task >= 0);
  if (places.length === 0) return;
  session.shownFinding = (session.shownFinding + 1) % places.length;
  showSpanPlace(panel, places[session.shownFinding]!);
}

/** Shows what proves the answer above the picture. */
export function showVerdict(panel: PanelController): void {
  const { findings } = panel.session;
  const index = findings.findIndex(isVerdict);
  if (index < 0) return;
  // The next finding that is asked for is the one after it.
  panel.session.shownFinding = index;
  showSpanPlace(panel, toFindingView(findings[index]!).place);
}

/** Index of a row's first span; −1: it has none. */
function firstIndex(panel: PanelController, row: number): number {
  return Math.min(0, panel.session.columns.rows.count(row) - 1);
}
