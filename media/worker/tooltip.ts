/** What the tooltip says of the span under the pointer. */
import { countsAt } from '../../runtime/trace/columns/queue-levels.ts';
import { countsInWords } from '../../runtime/trace/words/job-queue.ts';
import { duration } from '../../runtime/trace/words/duration.ts';
import type { Selected, Session } from './session/session.ts';
import { stateWords } from './words/span-words.ts';

/** @param hit what lies under the pointer. null: nothing to say there */
export function tooltipLines(session: Session, hit: Selected | null, atNs: number): string[] | null {
  const { trace } = session;
  const queue = hit?.kind === 'resource' ? session.queueTracksOf(hit.row) : null;
  if (hit !== null && queue !== null)
    return [`job queue ${trace.resources[hit.row]!.name}`, countsInWords(countsAt(queue, atNs))];
  const span = session.spanOf(hit);
  if (!hit || !span || atNs < span.startNs || atNs > session.endNsOf(hit, span)) return null;
  const task = hit.kind === 'task' ? hit.row : span.ref;
  const state = stateWords(session, span);
  if (task < 0 || state === 'idle') return null;
  return [trace.labelOf(task), `${state} · ${duration(session.endNsOf(hit, span) - span.startNs)}`];
}
