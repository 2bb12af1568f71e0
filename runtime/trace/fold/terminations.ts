/**
 * Which processes and threads were terminated, as their parent saw it. The resource that stands for
 * one in the parent (a process, a thread, a pool) ended, and with it the lanes that did its work. A
 * lane or process that recorded its own end keeps that, in whatever order the two are read.
 */
import { LANE_END, LANE_KIND, RESOURCE_KIND, numberSet } from '../format/kinds.ts';
import type { Link } from '../model/link.ts';
import type { Resource, Trace } from '../model/trace.ts';

/** Resources whose work is done by other lanes. */
const KINDS_WITH_WORKERS = numberSet(RESOURCE_KIND, 'process', 'thread', 'pool');

export class Terminations {
  readonly #trace: Trace;
  /** By resource: the lanes that do its work. */
  readonly #workers = new Map<number, Set<number>>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  /** Called when a link is read. With both ends known, the receiver's lane is a worker. */
  linkAdded({ resource: index, receiver }: Link): void {
    const resource = this.#trace.resources[index];
    if (resource === undefined || receiver < 0 || !KINDS_WITH_WORKERS.has(resource.kind)) return;
    const lane = this.#trace.tasks.lane[receiver]!;
    let workers = this.#workers.get(index);
    if (workers === undefined) this.#workers.set(index, (workers = new Set()));
    if (workers.has(lane)) return;
    workers.add(lane);
    if (resource.endedNs !== null) this.#terminate(lane, resource, resource.endedNs);
  }

  /** The resource ended: the lanes that worked for it are gone. */
  resourceEnded(index: number): void {
    const resource = this.#trace.resources[index]!;
    for (const lane of this.#workers.get(index) ?? []) this.#terminate(lane, resource, resource.endedNs!);
  }

  #terminate(index: number, { process: parent, kind }: Resource, t: number): void {
    const lane = this.#trace.lanes[index]!;
    const process = this.#trace.processes[lane.process]!;
    if (lane.process !== parent) {
      process.wasTerminated = true;
      // When a pool ends, its workers have ended too, at a time that was not recorded.
      if (kind !== RESOURCE_KIND.pool) process.endNs ??= Math.max(t, process.startNs);
    } else if (lane.kind !== LANE_KIND.main && lane.endNs === null) {
      lane.endNs = Math.max(t, this.#trace.laneLastNs[index]!);
      lane.endKind = LANE_END.terminated;
    }
  }
}
