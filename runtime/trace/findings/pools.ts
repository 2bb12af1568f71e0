/** What the rules on pools have in common: which pool a chunk belongs to, and what a worker is called. */
import { RESOURCE_KIND } from '../format/kinds.ts';
import type { Trace } from '../model/trace.ts';

const POOL = RESOURCE_KIND.pool;

/**
 * The pool as the program made it. A worker that is a process of its own names the pool again, without its size: that one stands for the pool of
 * that name in the process which began it.
 */
export function poolOf(trace: Trace, resource: number): number {
  const it = trace.resources[resource];
  if (it === undefined || it.capacity !== null) return resource;
  const { parentPid } = trace.processes[it.process]!;
  const made = trace.resources.find(
    (other) =>
      other.kind === POOL &&
      other.name === it.name &&
      other.capacity !== null &&
      trace.processes[other.process]!.pid === parentPid,
  );
  return made?.index ?? resource;
}

/** "worker 2" as its thread is called, or "process 4711". */
export function workerName(trace: Trace, lane: number): string {
  const { name, process, number } = trace.lanes[lane]!;
  if (name !== '' && number !== 0) return name;
  return number === 0 ? `process ${trace.processes[process]!.pid}` : `thread ${number}`;
}
