/**
 * Who is known to have ended although it could not say so: a process or a thread that was terminated, seen by its parent. The resource
 * that stands for it in the parent (a process, a thread, a pool) ended, and with it whoever did its work. What ended with a word of its
 * own keeps that, in whatever order the two are read.
 */
import { RESOURCE_KINDS, LANE_END, LANE_KIND, RESOURCE_KIND } from '../format/kinds.ts';
import type { Link } from '../model/links.ts';
import type { Resource, Trace } from '../model/trace.ts';

const MAIN = LANE_KIND.main;
const POOL = RESOURCE_KIND.pool;
const TERMINATED = LANE_END.terminated;
const STANDS_FOR_OTHERS: ReadonlySet<string> = new Set(['process', 'thread', 'pool']);

export class Terminations {
  readonly #trace: Trace;
  /** The lanes that do the work of a resource. */
  readonly #workers = new Map<number, Set<number>>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  /** Somebody was asked for something and began it: both ends of that are known now. */
  linkAdded({ resource, receiver }: Link): void {
    const it = this.#trace.resources[resource];
    if (it === undefined || receiver < 0 || !STANDS_FOR_OTHERS.has(RESOURCE_KINDS[it.kind] ?? '')) return;
    const lane = this.#trace.tasks.lane[receiver]!;
    let workers = this.#workers.get(resource);
    if (workers === undefined) this.#workers.set(resource, (workers = new Set()));
    if (workers.has(lane)) return;
    workers.add(lane);
    if (it.endedNs !== null) this.#terminate(lane, it, it.endedNs);
  }

  /** The resource ended: whoever worked for it is gone. */
  resourceEnded(resource: number): void {
    const it = this.#trace.resources[resource]!;
    for (const lane of this.#workers.get(resource) ?? []) this.#terminate(lane, it, it.endedNs!);
  }

  #terminate(index: number, { process: parent, kind }: Resource, t: number): void {
    const lane = this.#trace.lanes[index]!;
    const process = this.#trace.processes[lane.process]!;
    if (lane.process !== parent) {
      process.wasTerminated = true;
      // A pool outlives the workers that it replaces: by its end they are gone, but since when is not known.
      if (kind !== POOL) process.endNs ??= t;
    } else if (lane.kind !== MAIN && lane.endNs === null) {
      lane.endNs = t;
      lane.endKind = TERMINATED;
    }
  }
}
