/**
 * How far the times of another machine may be off, hatched where its processes and tasks begin and
 * end: what is shown so near to something on the first machine may have come before or after it.
 */
import type { Interval } from '../../../runtime/trace/model/spans.ts';
import type { Trace } from '../../../runtime/trace/model/trace.ts';
import { hatch, processOf } from './hatch.ts';
import { visibleRows, type LayerScene } from './layer.ts';
import type { Row } from '../session/row-tree.ts';

/** Narrower ones are a blot. */
const MIN_HALF_PX = 3;

export function drawClockUncertainty(scene: LayerScene): void {
  const { session, view, theme, ratio, width, context } = scene;
  const { trace } = session;
  if (trace.machines.count < 2) return;
  for (const visible of visibleRows(scene)) {
    for (const { fromNs, toNs } of doubtfulTimes(trace, visible.row)) {
      const x0 = Math.round(view.pixelAt(fromNs));
      const x1 = Math.round(view.pixelAt(toNs));
      if (x1 - x0 < 2 * MIN_HALF_PX * ratio || x1 <= 0 || x0 >= width) continue;
      const edges = [Math.max(0, x0), Math.min(width, x1)] as const;
      hatch(scene, visible, edges, { color: theme.foreground, covers: false });
      // From where to where it is: the hatching alone has no clear end.
      context.fillStyle = theme.foreground;
      for (const x of [x0, x1 - ratio]) context.fillRect(x, visible.top, ratio, visible.bottom - visible.top);
    }
  }
}

/** When what the row shows may have begun and ended; empty: that is known, or nothing bounds it. */
export function doubtfulTimes(trace: Trace, row: Row): Interval[] {
  const process = processOf(trace, row);
  if (process < 0 || row.kind === 'resource') return [];
  const { machine, startNs, endNs } = trace.processes[process]!;
  const offNs = trace.machines.get(machine)?.uncertaintyNs ?? 0;
  // Where nothing bounds it, the row's hint says so.
  if (offNs === 0 || offNs === Infinity) return [];
  const { beganNs, endedNs } = trace.tasks;
  const [from, to] =
    row.kind === 'task'
      ? [beganNs[row.index]!, endedNs[row.index]!]
      : [startNs ?? Number.NaN, endNs ?? Infinity];
  const around = (ns: number): Interval => ({ fromNs: Math.max(0, ns - offNs), toNs: ns + offNs });
  if (!Number.isFinite(to)) return Number.isNaN(from) ? [] : [around(from)];
  // Shorter than that, it may have been anywhere in it.
  return to - from > 2 * offNs ? [around(from), around(to)] : [{ ...around(from), toNs: to + offNs }];
}
