/**
 * What the panel draws from: the spans of rows and lanes, the levels of resources and the gaps,
 * each with its whole history.
 */
import { RESOURCE_KIND } from '../format/kinds.ts';
import type { LevelChange, RowChange } from '../fold/observer.ts';
import { resourceOfTarget, State } from '../model/state.ts';
import type { Loss } from '../model/losses.ts';
import { LevelTrack } from './levels.ts';
import { SpanLog } from './span-log.ts';

/** More gaps than are ever drawn apart. */
const MAX_LOSSES = 100_000;

export class Columns extends SpanLog {
  /** By resource index; undefined where no level was ever told. */
  readonly levels: (LevelTrack | undefined)[] = [];
  readonly losses: Loss[] = [];

  /** By row that waits for an object of the program's own: which. */
  readonly #waitsForForeign = new Map<number, number>();

  #jobQueues = 0;

  /**
   * A limiter, a lock or a client of plain code tells no level: its level is how many rows wait for
   * it.
   */
  override rowChanged(change: RowChange): void {
    super.rowChanged(change);
    const { row, t, state, target } = change;
    if (this.#waitsForForeign.size > 0) this.#endForeignWait(row, t);
    // Most changes are not about a resource: they end here.
    if (state !== State.wait || target >= 0) return;
    const resource = resourceOfTarget(target);
    if (this.trace.resources[resource]!.kind !== RESOURCE_KIND.foreign) return;
    this.#waitsForForeign.set(row, resource);
    this.#moveWaiters(resource, t, 1, row);
  }

  override taskAbsorbed(task: number): void {
    super.taskAbsorbed(task);
    this.#endForeignWait(task, this.trace.endNs);
  }

  #endForeignWait(row: number, t: number): void {
    const resource = this.#waitsForForeign.get(row);
    if (resource === undefined) return;
    this.#waitsForForeign.delete(row);
    this.#moveWaiters(resource, t, -1, row);
  }

  #moveWaiters(resource: number, t: number, by: 1 | -1, row: number): void {
    const track = this.levels[resource];
    const waiters = track === undefined ? 0 : track.level(track.count - 1);
    this.levelChanged({ resource, t, level: Math.max(0, waiters + by), by: row, kind: 0 });
  }

  linkEndRead(): void {
    // A queue of jobs has a row of its own.
    if (this.trace.jobs.queueCount === this.#jobQueues) return;
    this.#jobQueues = this.trace.jobs.queueCount;
    this.generation++;
  }

  levelChanged({ resource, t, level, by }: LevelChange): void {
    let track = this.levels[resource];
    if (!track) {
      track = this.levels[resource] = new LevelTrack();
      this.generation++;
    }
    track.append(t, level, by);
  }

  override recordsLost(loss: Loss): void {
    super.recordsLost(loss);
    if (this.losses.length < MAX_LOSSES) this.losses.push(loss);
  }
}
