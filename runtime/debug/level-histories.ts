/** How full each queue, lock and pool was at any time, and since when its oldest item is in it. */
import { LevelTrack } from '../trace/columns/levels.ts';
import type { LevelChange, Observer } from '../trace/fold/observer.ts';
import { KIND, RESOURCE_KIND } from '../trace/format/kinds.ts';
import type { Trace } from '../trace/model/trace.ts';
import { hasPermits } from '../trace/words/resource.ts';

interface ResourceHistory {
  readonly levels: LevelTrack;
  /** When each item went in, and came out. */
  readonly puts: number[];
  readonly gets: number[];
}

export class LevelHistories implements Observer {
  readonly #histories = new Map<number, ResourceHistory>();

  levelChanged({ resource, t, level, by, kind }: LevelChange): void {
    let history = this.#histories.get(resource);
    if (history === undefined) {
      history = { levels: new LevelTrack(), puts: [], gets: [] };
      this.#histories.set(resource, history);
    }
    history.levels.append(t, level, by);
    if (kind === KIND.put) history.puts.push(t);
    else if (kind === KIND.get) history.gets.push(t);
  }

  /** Items inside, permits left, or calls not answered; null: none was ever told of. */
  levelAt(trace: Trace, resource: number, t: number): number | null {
    const info = trace.resources[resource];
    const history = this.#histories.get(resource);
    if (info === undefined) return null;
    const index = history?.levels.at(t) ?? -1;
    if (index >= 0) return history!.levels.level(index);
    if (hasPermits(info)) return info.capacity;
    return history === undefined ? null : 0;
  }

  /** For how long the oldest item has been in a queue, ns; null: it is empty, or has no order. */
  oldestAge(trace: Trace, resource: number, t: number): number | null {
    const history = this.#histories.get(resource);
    if (history === undefined || trace.resources[resource]?.kind !== RESOURCE_KIND.queue) return null;
    const taken = countUpTo(history.gets, t);
    const since = history.puts[taken];
    return since === undefined || since > t ? null : t - since;
  }
}

/** How many of ascending times are at or before `t`. */
function countUpTo(times: readonly number[], t: number): number {
  let from = 0;
  let to = times.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (times[middle]! <= t) from = middle + 1;
    else to = middle;
  }
  return from;
}
