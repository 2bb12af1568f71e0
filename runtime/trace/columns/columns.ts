/**
 * What the panel draws from: the spans of rows and lanes, the levels of resources and the gaps,
 * each with its whole history.
 */
import type { LevelChange, Loss } from '../fold/observer.ts';
import { LevelTrack } from './levels.ts';
import { SpanLog } from './span-log.ts';

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

  recordsLost(loss: Loss): void {
    this.losses.push(loss);
  }
}
