/**
 * What the panel draws from: the spans of rows and lanes, the levels of resources and the gaps, each
 * with its whole history.
 */
import type { LevelChange, Loss, RowChange } from '../fold/observer.ts';
import { State } from '../model/state.ts';
import { LevelTrack } from './levels.ts';
import { SpanLog } from './span-log.ts';

export class Columns extends SpanLog {
  /** By resource index; undefined where no level was ever told. */
  readonly levels: (LevelTrack | undefined)[] = [];
  readonly losses: Loss[] = [];
  /** Grows whenever the set of rows may have changed: begins, absorptions, ends. */
  generation = 0;

  taskBegan(): void {
    this.generation++;
  }

  override rowChanged(change: RowChange): void {
    super.rowChanged(change);
    if (change.state === State.ended) this.generation++;
  }

  override taskAbsorbed(task: number, into: number): void {
    super.taskAbsorbed(task, into);
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

  recordsLost(loss: Loss): void {
    this.losses.push(loss);
  }
}
