/**
 * The loop was held: one task kept the lane longer than a person notices, and others could have run.
 * A hold goes from the lane's becoming busy to its becoming free; it is put down to the
 * task that had most of it. One that goes on is found as well: that is the program that hangs.
 * It says between which two lines the time went: what lies between them is the work that might have been given away.
 * What was given a thread of its own (a thread's or process's body, a pool's chunk) holds it by right.
 * Time for which the lane was stopped from outside (a breakpoint, our own loader) is nobody's.
 */
import type { RowChange } from '../fold/observer.ts';
import { ACTIVATION_KIND, numberSet } from '../format/kinds.ts';
import { State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { sitePart, taskPart, tasksPart } from '../words/names.ts';
import type { Part } from '../words/sentence.ts';
import { isOver, untilOf } from '../model/times-so-far.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

const MIN_HELD_NS = 100e6;
const MAX_FINDINGS = 50;
/** These were given a thread of their own to work on. */
const OF_THEIR_OWN = numberSet(ACTIVATION_KIND, 'thread', 'process', 'chunk');

interface Hold {
  /** Who is on top now and since when; who had most of it so far. */
  top: number;
  topNs: number;
  /** Where that one had come back from when it came on top; -1: it had not waited yet. */
  topSite: number;
  /** Of that, stopped from outside; and since when it is stopped now, NaN when it is not. */
  outsideNs: number;
  stoppedNs: number;
  worst: number;
  worstNs: number;
  worstSinceNs: number;
  worstUntilNs: number;
  worstSite: number;
}

/** A hold that is worth telling. Its words are made when they are asked for: what its tasks are called depends on who came after. */
interface ReportedHold {
  readonly hold: Hold;
  /** Where that task waited next; -1: it did not, or that is not recorded. */
  untilSite: number;
  /** Rows that were ready when the hold was over. */
  readonly ready: readonly number[];
  readonly t: number;
  readonly goesOn: boolean;
}

class BlockedEventLoop implements RuleRun {
  readonly #trace: Trace;
  readonly #holds = new Map<number, Hold>();
  readonly #found: ReportedHold[] = [];
  /** The one found last, while where its task waits next may still be told. */
  #fresh: ReportedHold | null = null;

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  rowChanged({ row, t, state, ref }: RowChange): void {
    if (this.#fresh === null) return;
    const { hold } = this.#fresh;
    if (t !== hold.worstUntilNs) this.#fresh = null;
    else if (state === State.wait && row === this.#trace.rowOf(hold.worst)) this.#fresh.untilSite = ref;
  }

  laneSwitched(lane: number, t: number, task: number): void {
    const hold = this.#holds.get(lane);
    if (hold) this.#leaveTop(hold, t);
    if (task < 0) {
      if (hold) {
        this.#holds.delete(lane);
        if (hold.worstNs >= MIN_HELD_NS && this.#found.length < MAX_FINDINGS) {
          this.#fresh = this.#told(hold, lane, t, false);
          this.#found.push(this.#fresh);
        }
      }
      return;
    }
    if (hold) {
      hold.top = task;
      hold.topNs = t;
      hold.topSite = this.#trace.tasks.waitSite[task]!;
      hold.outsideNs = 0;
      return;
    }
    this.#holds.set(lane, {
      top: task,
      topNs: t,
      topSite: this.#trace.tasks.waitSite[task]!,
      outsideNs: 0,
      stoppedNs: Number.NaN,
      worst: -1,
      worstNs: 0,
      worstSinceNs: t,
      worstUntilNs: t,
      worstSite: -1,
    });
  }

  lanePaused(lane: number, t: number): void {
    const hold = this.#holds.get(lane);
    if (hold) hold.stoppedNs = t;
  }

  laneResumed(lane: number, t: number): void {
    const hold = this.#holds.get(lane);
    if (!hold) return;
    hold.outsideNs += stoppedFor(hold, t);
    hold.stoppedNs = Number.NaN;
  }

  #leaveTop(hold: Hold, t: number): void {
    if (OF_THEIR_OWN.has(this.#trace.tasks.kind[hold.top]!)) return;
    const ns = t - hold.topNs - hold.outsideNs - stoppedFor(hold, t);
    if (ns > hold.worstNs) {
      hold.worst = hold.top;
      hold.worstNs = ns;
      hold.worstSinceNs = hold.topNs;
      hold.worstUntilNs = t;
      hold.worstSite = hold.topSite;
    }
  }

  #told(hold: Hold, lane: number, t: number, goesOn: boolean): ReportedHold {
    const { tasks } = this.#trace;
    const ready: number[] = [];
    for (let row = 0; row < tasks.count; row++) {
      if (tasks.rowState[row] !== State.ready || tasks.frameOf[row]! >= 0 || tasks.lane[row] !== lane)
        continue;
      if (this.#trace.rowOf(hold.worst) !== row) ready.push(row);
    }
    const waitsSince =
      tasks.state[hold.worst] === State.wait && tasks.sinceNs[hold.worst] === hold.worstUntilNs;
    return { hold, untilSite: waitsSince ? tasks.waitSite[hold.worst]! : -1, ready, t, goesOn };
  }

  #say({ hold, untilSite, ready, t, goesOn }: ReportedHold): Finding {
    const trace = this.#trace;
    const task = hold.worst;
    const row = trace.rowOf(task);
    const since = hold.worstSite;
    const site = since >= 0 ? since : trace.tasks.site[task]!;
    const isCut = goesOn && isOver(trace, row);
    const words: Part[] = isCut
      ? [taskPart(trace, row), ` held the thread for ${duration(hold.worstNs)}, to the very end`]
      : goesOn
        ? [taskPart(trace, row), ` has held the thread for ${duration(hold.worstNs)} and still does`]
        : ['The thread was held for ', `${duration(hold.worstNs)} by `, taskPart(trace, row)];
    const until: Part[] =
      untilSite >= 0
        ? [' and its next wait at ', sitePart(trace, untilSite)]
        : trace.tasks.endedNs[task] === hold.worstUntilNs
          ? [' and its end']
          : [];
    if (until.length > 0 && site >= 0) {
      words.push(since >= 0 ? ', between ' : ', between its start at ', sitePart(trace, site), ...until);
    } else if (since >= 0) words.push(', running on from ', sitePart(trace, since));
    else if (site >= 0) words.push(', running from its start at ', sitePart(trace, site));
    if (ready.length === 1) words.push('; ', taskPart(trace, ready[0]!), ' could have run meanwhile');
    else if (ready.length > 1) {
      const named = tasksPart(trace, ready);
      words.push(`; ${count(ready.length, 'task')} (`, ...named, ') could have run meanwhile');
    }
    words.push('.');
    return {
      rule: blockedEventLoop.name,
      severity: goesOn || hold.worstNs > 1e9 ? 'error' : 'warning',
      words,
      sites: site >= 0 ? [site] : [],
      tasks: [row],
      t,
      sinceNs: hold.worstSinceNs,
    };
  }

  findings(): Finding[] {
    const open: ReportedHold[] = [];
    for (const [lane, hold] of this.#holds) {
      const t = untilOf(this.#trace, this.#trace.lanes[lane]);
      const copy = { ...hold };
      this.#leaveTop(copy, t);
      if (copy.worstNs >= MIN_HELD_NS) open.push(this.#told(copy, lane, t, true));
    }
    return [...this.#found, ...open].map((told) => this.#say(told));
  }
}

/** How long the stop that goes on has lasted, as far as who is on top now had the lane. */
function stoppedFor(hold: Hold, t: number): number {
  return Number.isNaN(hold.stoppedNs) ? 0 : Math.max(0, t - Math.max(hold.stoppedNs, hold.topNs));
}

export const blockedEventLoop: Rule = {
  name: 'blocked-event-loop',
  says: 'One task kept a thread for 100 ms or more without giving it away.',
  start: (trace) => new BlockedEventLoop(trace),
};
