/**
 * The editor asks where a line waits: the longest wait at that line is selected. Where none waits,
 * it is the first task that begins there.
 */
import { stateOf } from '../../runtime/trace/columns/classes.ts';
import { State } from '../../runtime/trace/model/state.ts';
import type { PanelController } from './panel-controller.ts';
import { taskSpan, type Selected, type Session } from './session/session.ts';

export function revealLine(panel: PanelController, file: string, line: number): void {
  const { session } = panel;
  const path = normalizePath(file);
  const sites = new Set<number>();
  for (const site of session.trace.sites) {
    if (site.line === line && normalizePath(site.file) === path) sites.add(site.index);
  }
  if (sites.size === 0) return;
  const selected = longestWaitAt(session, sites) ?? firstTaskAt(session, sites);
  if (selected) panel.selection.select(selected, { reveal: true });
}

function longestWaitAt({ trace, columns }: Session, sites: ReadonlySet<number>): Selected | null {
  const { rows } = columns;
  let longest: Selected | null = null;
  let longestNs = -1;
  for (let row = 0; row < rows.rows; row++) {
    for (let index = 0; index < rows.count(row); index++) {
      const span = rows.span(row, index);
      if (stateOf(span.code) !== State.wait || !sites.has(span.ref)) continue;
      const ns = (span.endNs ?? trace.endNs) - span.startNs;
      if (ns <= longestNs) continue;
      longestNs = ns;
      longest = taskSpan(row, index);
    }
  }
  return longest;
}

function firstTaskAt({ trace }: Session, sites: ReadonlySet<number>): Selected | null {
  const { tasks } = trace;
  for (let row = 0; row < tasks.count; row++) {
    if (tasks.frameOf[row]! < 0 && sites.has(tasks.site[row]!)) return taskSpan(row, 0);
  }
  return null;
}

/** Without `file://`, and with `/` between folders. */
function normalizePath(path: string): string {
  return path.replace(/^file:\/\//, '').replaceAll('\\', '/');
}
