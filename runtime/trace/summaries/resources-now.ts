/**
 * Who holds each lock, permit or connection now, and how full queues are. Unlike the log of holders
 * it keeps no past.
 */
import type { LevelChange, Observer } from '../fold/observer.ts';
import { KIND, RESOURCE_KIND, numberSet } from '../format/kinds.ts';
import type { Trace } from '../model/trace.ts';

const PERMIT_KINDS = numberSet(RESOURCE_KIND, 'lock', 'rlock', 'semaphore');

export class ResourcesNow implements Observer {
  readonly #trace: Trace;
  /** By resource: who took a permit and when, one each, the first one first. */
  readonly #held = new Map<number, { readonly task: number; readonly t: number }[]>();
  readonly #levels = new Map<number, number>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  levelChanged({ resource, t, level, by, kind }: LevelChange): void {
    this.#levels.set(resource, level);
    if (by < 0 || (kind !== KIND.acquire && kind !== KIND.release)) return;
    let held = this.#held.get(resource);
    if (held === undefined) this.#held.set(resource, (held = []));
    if (kind === KIND.acquire) {
      held.push({ task: by, t });
      return;
    }
    const row = this.#trace.rowOf(by);
    const own = held.findIndex(({ task }) => this.#trace.rowOf(task) === row);
    // A permit that one task took and another gives back was that of who took one first.
    held.splice(Math.max(0, own), 1);
  }

  /** Items inside, permits left, or calls not answered; null: none was told of. */
  levelOf(resource: number): number | null {
    const level = this.#levels.get(resource);
    const info = this.#trace.resources[resource];
    if (level !== undefined || info === undefined) return level ?? null;
    return PERMIT_KINDS.has(info.kind) ? info.capacity : 0;
  }

  /** When the row took the permit that it holds; NaN: it holds none. */
  heldSince(resource: number, row: number): number {
    const held = this.#held.get(resource)?.findLast(({ task }) => this.#trace.rowOf(task) === row);
    return held?.t ?? Number.NaN;
  }

  /** Rows, each once. */
  holdersOf(resource: number): number[] {
    return [...new Set((this.#held.get(resource) ?? []).map(({ task }) => this.#trace.rowOf(task)))];
  }
}
