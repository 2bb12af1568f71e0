/**
 * What the panel draws from: the spans of rows and lanes, the levels of resources and the gaps,
 * each with its whole history.
 */
import type { LevelChange } from '../fold/observer.ts';
import type { Loss } from '../model/losses.ts';
import { LevelTrack } from './levels.ts';
import { SpanLog } from './span-log.ts';

/** More gaps than are ever drawn apart. */
const MAX_LOSSES = 100_000;

export class Columns extends SpanLog {
  /** By resource index; undefined where no level was ever told. */
  readonly levels: (LevelTrack | undefined)[] = [];
  readonly losses: Loss[] = [];

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
