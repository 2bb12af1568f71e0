/** What the rules on pools share: which pool a chunk belongs to, and what a worker is called. */
import { RESOURCE_KIND } from '../format/kinds.ts';
import { systemPid } from '../model/machines.ts';
import type { Trace } from '../model/trace.ts';

/**
 * The pool as the program made it. A worker that is a process of its own names the pool again,
 * without its size. That resource stands for the pool of the same name in the process that began
 * the worker.
 */
export function poolOf(trace: Trace, resource: number): number {
  const info = trace.resources[resource];
  if (info === undefined || info.capacity !== null) return resource;
  const { parentPid } = trace.processes[info.process]!;
  const original = trace.resources.find(
    ({ kind, name, capacity, process }) =>
      kind === RESOURCE_KIND.pool &&
      name === info.name &&
      capacity !== null &&
      trace.processes[process]!.pid === parentPid,
  );
  return original?.index ?? resource;
}

/** "squares-2" as its thread is called, or "process 4711". */
export function workerName(trace: Trace, lane: number): string {
  const { name, process, number } = trace.lanes[lane]!;
  if (name !== '' && number !== 0) return name;
  return number === 0 ? `process ${systemPid(trace.processes[process]!.pid)}` : `thread ${number}`;
}
