/** Who has the locks and permits of the library now, and where each was taken. */
import type { LevelChange } from '../fold/observer.ts';
import { KIND, numberSet, RESOURCE_KIND } from '../format/kinds.ts';
import type { Trace } from '../model/trace.ts';

/** Kinds of which a task has the whole, or a permit, until it gives it back. */
const KINDS = numberSet(RESOURCE_KIND, 'lock', 'rlock', 'semaphore');
const MAX_PERMITS = 1000;

export interface Permit {
  /** The task that took it. */
  readonly task: number;
  /** −1: not recorded. */
  site: number;
}

export class PermitLog {
  readonly #trace: Trace;
  readonly #permits = new Map<number, Permit[]>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  isOf(resource: number): boolean {
    return resource >= 0 && KINDS.has(this.#trace.resources[resource]?.kind ?? 0);
  }

  permitsOf(resource: number): readonly Permit[] {
    return this.#permits.get(resource) ?? [];
  }

  change({ resource, by, kind }: LevelChange): void {
    if (by < 0 || (kind !== KIND.acquire && kind !== KIND.release) || !this.isOf(resource)) return;
    let permits = this.#permits.get(resource);
    if (permits === undefined) this.#permits.set(resource, (permits = []));
    if (kind === KIND.acquire) {
      if (permits.length < MAX_PERMITS) permits.push({ task: by, site: -1 });
      return;
    }
    // What one task took and another gives back was the first one's until then.
    const own = permits.findLastIndex(({ task }) => this.#trace.rowOf(task) === this.#trace.rowOf(by));
    permits.splice(Math.max(0, own), 1);
  }

  /** A task goes on after an await of this resource: it has what it took, from there. */
  pass(task: number, resource: number, site: number): void {
    if (!this.isOf(resource)) return;
    const row = this.#trace.rowOf(task);
    const permit = this.permitsOf(resource).findLast((each) => this.#trace.rowOf(each.task) === row);
    if (permit !== undefined && permit.site < 0) permit.site = site;
  }
}
