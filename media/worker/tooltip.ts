/** What the tooltip says of the span under the pointer. */
import { duration } from '../../runtime/trace/words/duration.ts';
import type { PanelController, Point } from './panel-controller.ts';
import { stateWords } from './words/span-words.ts';

/** null: nothing to say there. */
export function tooltipLines(panel: PanelController, point: Point): string[] | null {
  const { session, view } = panel;
  const { trace } = session;
  const hit = panel.hitTest(point);
  const span = session.spanOf(hit);
  if (!hit || !span || view.timeAt(point.x) > session.endNsOf(hit, span)) return null;
  const task = hit.kind === 'task' ? hit.row : span.ref;
  const state = stateWords(session, span);
  if (task < 0 || state === 'idle') return null;
  return [trace.labelOf(task), `${state} · ${duration(session.endNsOf(hit, span) - span.startNs)}`];
}
