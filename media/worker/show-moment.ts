/** Brings the moment that the debugger shows into view, with the row of its task. */
import type { View } from './session/view.ts';
import type { Session } from './session/session.ts';

/** Where the moment stands after a pan. */
const AT_SHARE = 0.5;

/** Nothing moves where it is in view already. */
export function bringIntoView(view: View, timeNs: number): boolean {
  const px = view.pixelAt(timeNs);
  if (px >= 0 && px < view.width) return false;
  view.pan(px - view.width * AT_SHARE);
  return true;
}

/** The row of "PROCESS:NUMBER"; -1: it was not read yet. */
export function rowOfId({ trace }: Session, id: string): number {
  const [process, number] = id.split(':').map(Number);
  const { tasks } = trace;
  for (let task = 0; task < tasks.count; task++)
    if (tasks.id[task] === number && tasks.process[task] === process) return trace.rowOf(task);
  return -1;
}
