/**
 * When nothing happened in a process: the last stretch of a second or more in which no task of it
 * began, ran or ended. Callbacks of intervals do not count, nor what they call: an interval that
 * goes on is what keeps a finished program alive. Which intervals began tasks is remembered: those
 * have work to do. Nor do a few callbacks of timeouts that begin no task and wake none: a test
 * runner's that says that the process did not end; nor any of the limit of a race that was decided
 * without it.
 */
import { ACTIVATION_KIND } from '../format/kinds.ts';
import type { Observer, RowChange } from '../fold/observer.ts';
import type { Trace } from '../model/trace.ts';
import { raceWithout } from './raced-timers.ts';

export const MIN_QUIET_NS = 1e9;
const TIMER_CALLBACK = ACTIVATION_KIND['timer-callback'];

export interface QuietGap {
  readonly fromNs: number;
  /** Infinity: nothing has happened since. */
  readonly toNs: number;
}

interface Activity {
  lastNs: number;
  /** Callbacks of timeouts since then. */
  timeouts: number;
  gap: QuietGap | null;
}

/** What a task is of, in `#isOf`. */
const OF = { interval: 1, timeout: 2 } as const;
/** With more of them they are what the program does. */
const MAX_TIMEOUTS = 3;
const MAX_RACES = 200;

export class QuietGaps implements Observer {
  readonly #trace: Trace;
  readonly #activities = new Map<number, Activity>();
  /** Records mostly come from the process of the record before. */
  #lastProcess = -1;
  #lastActivity: Activity | undefined;
  /** By task, one of OF: a callback, or called by one of an interval. */
  #isOf = new Uint8Array(1024);
  readonly #busyIntervals = new Set<string>();
  /** How many timers were looked for among the groups. */
  #races = 0;

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  taskBegan(task: number, t: number): void {
    const { kind, parent, resource } = this.#trace.tasks;
    const caller = parent[task]!;
    if (kind[task] === TIMER_CALLBACK) {
      const isInterval = this.#nameOf(resource[task]!).startsWith('setInterval');
      if (isInterval) this.#mark(task, OF.interval);
      else if (this.#isFewTimeouts(task) || this.#isOfRace(task)) this.#mark(task, OF.timeout);
      else this.#noteActivity(task, t);
      return;
    }
    if (caller >= 0 && this.#isOf[caller] === OF.interval) {
      this.#mark(task, OF.interval);
      for (let at = caller; at >= 0 && this.#isOf[at] === OF.interval; at = parent[at]!) {
        const of = resource[at]!;
        if (kind[at] === TIMER_CALLBACK && of >= 0)
          this.#busyIntervals.add(intervalKey(this.#trace.resources[of]!.creator, this.#nameOf(of)));
      }
      return;
    }
    this.#noteActivity(task, t);
  }

  rowChanged({ row, t }: RowChange): void {
    if ((this.#isOf[row] ?? 0) === 0) this.#noteActivity(row, t);
  }

  /** The gap in which the process was at `t`; null: something happened just before. */
  gapAt(process: number, t: number): QuietGap | null {
    const activity = this.#activities.get(process);
    if (activity === undefined) return null;
    const { lastNs, gap } = activity;
    if (t >= lastNs) return t - lastNs >= MIN_QUIET_NS ? { fromNs: lastNs, toNs: Infinity } : null;
    return gap !== null && gap.fromNs + MIN_QUIET_NS <= t && t <= gap.toNs ? gap : null;
  }

  /** Callbacks of this interval began tasks. @param creator index of the task that set it */
  isBusyInterval(creator: number, name: string): boolean {
    return this.#busyIntervals.has(intervalKey(creator, name));
  }

  #noteActivity(task: number, t: number): void {
    const process = this.#trace.tasks.process[task]!;
    const activity = process === this.#lastProcess ? this.#lastActivity : this.#activities.get(process);
    if (activity === undefined) {
      this.#activities.set(process, { lastNs: t, timeouts: 0, gap: null });
      return;
    }
    this.#lastProcess = process;
    this.#lastActivity = activity;
    if (t - activity.lastNs >= MIN_QUIET_NS) activity.gap = { fromNs: activity.lastNs, toNs: t };
    if (t > activity.lastNs) activity.lastNs = t;
    activity.timeouts = 0;
  }

  /** Counts one more callback of a timeout in the task's process. */
  #isFewTimeouts(task: number): boolean {
    const activity = this.#activities.get(this.#trace.tasks.process[task]!);
    return activity !== undefined && ++activity.timeouts <= MAX_TIMEOUTS;
  }

  /** It came for a race that is decided. */
  #isOfRace(task: number): boolean {
    const timer = this.#trace.resources[this.#trace.tasks.resource[task]!];
    return timer !== undefined && ++this.#races <= MAX_RACES && raceWithout(this.#trace, timer) >= 0;
  }

  #mark(task: number, of: number): void {
    if (task >= this.#isOf.length) {
      const grown = new Uint8Array(Math.max(task + 1, this.#isOf.length * 2));
      grown.set(this.#isOf);
      this.#isOf = grown;
    }
    this.#isOf[task] = of;
  }

  #nameOf(resource: number): string {
    return this.#trace.resources[resource]?.name ?? '';
  }
}

const intervalKey = (creator: number, name: string): string => `${creator} ${name}`;
