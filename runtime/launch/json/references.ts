/** How the JSON refers to tasks, resources and sites; null: the trace does not know it. */
import type { Trace } from '../../trace/model/trace.ts';

/** The id of the row that a task belongs to: a frame has no entry of its own. */
export const rowId = (trace: Trace, task: number): string | null =>
  task < 0 ? null : trace.idOf(trace.rowOf(task));

export function resourceId(trace: Trace, index: number): string | null {
  const resource = trace.resources[index];
  return resource === undefined ? null : `${resource.process}:${resource.id}`;
}

export { siteJson } from '../../trace/queries/site-json.ts';
