/**
 * Who held a lock, a permit or a connection at any moment: each taking and giving back, in the
 * order of the records.
 */
import type { LevelChange, Observer } from '../fold/observer.ts';
import { KIND } from '../format/kinds.ts';
import type { Trace } from '../model/trace.ts';

interface Move {
  readonly t: number;
  readonly task: number;
  readonly isTaken: boolean;
}

export class HolderLog implements Observer {
  readonly #trace: Trace;
  readonly #moves = new Map<number, Move[]>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  levelChanged({ resource, t, by, kind }: LevelChange): void {
    if (by < 0 || (kind !== KIND.acquire && kind !== KIND.release)) return;
    const moves = this.#moves.get(resource);
    const move = { t, task: by, isTaken: kind === KIND.acquire };
    if (moves === undefined) this.#moves.set(resource, [move]);
    else moves.push(move);
  }

  /**
   * The rows that held the resource at `t`, each once. A permit that one task took and another gave
   * back was the first one's until then, or else that of who took its permit first.
   */
  holdersAt(resource: number, t: number): number[] {
    const held: number[] = [];
    for (const move of this.#moves.get(resource) ?? []) {
      if (move.t > t) break;
      const row = this.#trace.rowOf(move.task);
      if (move.isTaken) held.push(row);
      else held.splice(Math.max(0, held.indexOf(row)), 1);
    }
    return [...new Set(held)];
  }

  /** When the row took the permit that it held at `t`; NaN: it held none. */
  heldSince(resource: number, row: number, t: number): number {
    let since = Number.NaN;
    for (const move of this.#moves.get(resource) ?? []) {
      if (move.t > t) break;
      if (this.#trace.rowOf(move.task) !== row) continue;
      since = move.isTaken ? move.t : Number.NaN;
    }
    return since;
  }
}
