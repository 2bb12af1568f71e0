/**
 * Which process works for which pool: a pool of Python's begins its workers as processes, and each
 * link says whose it is.
 */
import type { Observer } from '../fold/observer.ts';
import { ACTIVATION_KIND, LINK_KIND, LINK_WAY, RESOURCE_KIND } from '../format/kinds.ts';
import type { LinkEnd } from '../model/links.ts';
import type { Trace } from '../model/trace.ts';

export class PoolProcesses implements Observer {
  readonly #trace: Trace;
  /** By the pid of a worker: its pool. */
  readonly #pools = new Map<number, number>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  linkEndRead({ way, kind, token, resource }: LinkEnd): void {
    if (way !== LINK_WAY.send || kind !== LINK_KIND.spawn || resource < 0) return;
    if (this.#trace.resources[resource]!.kind === RESOURCE_KIND.pool) this.#pools.set(token, resource);
  }

  get isEmpty(): boolean {
    return this.#pools.size === 0;
  }

  /** The pool for whose process a call runs or ran; −1: it is no such call. */
  poolOf(task: number): number {
    const { tasks, processes } = this.#trace;
    if (tasks.kind[task] !== ACTIVATION_KIND.chunk) return -1;
    return this.#pools.get(processes[tasks.process[task]!]!.pid) ?? -1;
  }
}
