/**
 * The loop was held: one task kept the lane longer than a person notices, and others could have run.
 * A hold goes from the lane's becoming busy to its becoming free; it is put down to the
 * task that had most of it. One that goes on is found as well: that is the program that hangs.
 * What was given a thread of its own (a thread's or process's body, a pool's chunk) holds it by right.
 * Time for which the lane was stopped from outside (a breakpoint, our own loader) is nobody's.
 */
import { ACTIVATION_KINDS, K, numberOf } from '../format/kinds.ts';
import { State } from '../fold/observer.ts';
import type { StateNumber } from '../fold/observer.ts';
import type { Trace } from '../fold/trace.ts';
import { count, duration } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/names.ts';
import type { Part } from '../words/sentence.ts';
import { isOver } from '../words/so-far.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

const LEAST_NS = 100e6;
const MOST_FINDINGS = 50;
/** These were given a thread of their own to work on. */
const OF_THEIR_OWN: ReadonlySet<number> = new Set(
  (['thread', 'process', 'chunk'] as const).map((name) => numberOf(ACTIVATION_KINDS, name)),
);

interface Hold {
  readonly sinceNs: number;
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
  worstSite: number;
  readonly readyAtStart: number;
  readyMeanwhile: number;
}

class HeldLane implements RuleRun {
  readonly #trace: Trace;
  readonly #holds = new Map<number, Hold>();
  readonly #found: Finding[] = [];
  #ready = 0;

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  changed(
    _row: number,
    _t: number,
    state: StateNumber,
    _reason: number,
    _ref: number,
    _target: number,
    last: StateNumber,
  ): void {
    if (last === State.ready) this.#ready--;
    if (state !== State.ready) return;
    this.#ready++;
    for (const hold of this.#holds.values()) hold.readyMeanwhile++;
  }

  absorbed(task: number): void {
    if (this.#trace.tasks.rowState[task] === State.ready) this.#ready--;
  }

  lane(lane: number, t: number, task: number): void {
    const hold = this.#holds.get(lane);
    if (hold) this.#leaveTop(hold, t);
    if (task < 0) {
      if (hold) {
        this.#holds.delete(lane);
        const { length } = this.#found;
        if (hold.worstNs >= LEAST_NS && length < MOST_FINDINGS) this.#found.push(this.#say(hold, t, false));
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
      sinceNs: t,
      top: task,
      topNs: t,
      topSite: this.#trace.tasks.waitSite[task]!,
      outsideNs: 0,
      stoppedNs: Number.NaN,
      worst: -1,
      worstNs: 0,
      worstSinceNs: t,
      worstSite: -1,
      readyAtStart: this.#ready,
      readyMeanwhile: 0,
    });
  }

  other(kind: number, _flags: number, t: number, _task: number, _site: number, lane: number): void {
    if (kind !== K.pause && kind !== K.resume) return;
    const hold = this.#holds.get(lane);
    if (!hold) return;
    if (kind === K.pause) hold.stoppedNs = t;
    else {
      hold.outsideNs += stoppedFor(hold, t);
      hold.stoppedNs = Number.NaN;
    }
  }

  #leaveTop(hold: Hold, t: number): void {
    if (OF_THEIR_OWN.has(this.#trace.tasks.kind[hold.top]!)) return;
    const ns = t - hold.topNs - hold.outsideNs - stoppedFor(hold, t);
    if (ns > hold.worstNs) {
      hold.worst = hold.top;
      hold.worstNs = ns;
      hold.worstSinceNs = hold.topNs;
      hold.worstSite = hold.topSite;
    }
  }

  #say(hold: Hold, t: number, goesOn: boolean): Finding {
    const trace = this.#trace;
    const task = hold.worst;
    const row = trace.rowOf(task);
    const since = hold.worstSite;
    const site = since >= 0 ? since : trace.tasks.site[task]!;
    const others = hold.readyAtStart + hold.readyMeanwhile;
    const isCut = goesOn && isOver(trace, row);
    const words: Part[] = isCut
      ? [taskPart(trace, row), ` held the thread for ${duration(hold.worstNs)}, to the very end`]
      : goesOn
        ? [taskPart(trace, row), ` has held the thread for ${duration(hold.worstNs)} and still does`]
        : ['The thread was held for ', `${duration(hold.worstNs)} by `, taskPart(trace, row)];
    if (since >= 0) words.push(', running on from ', sitePart(trace, since));
    else if (site >= 0) words.push(', running from its start at ', sitePart(trace, site));
    if (others > 0) words.push(`; ${count(others, 'task')} could have run meanwhile`);
    words.push('.');
    return {
      rule: heldLane.name,
      severity: goesOn || hold.worstNs > 1e9 ? 'error' : 'warning',
      words,
      sites: site >= 0 ? [site] : [],
      tasks: [row],
      t,
      sinceNs: hold.worstSinceNs,
    };
  }

  findings(): Finding[] {
    const open: Finding[] = [];
    for (const [lane, hold] of this.#holds) {
      const { endNs } = this.#trace.lanes[lane]!;
      const t = endNs ?? this.#trace.endNs;
      const copy = { ...hold };
      this.#leaveTop(copy, t);
      if (copy.worstNs >= LEAST_NS) open.push(this.#say(copy, t, true));
    }
    return [...this.#found, ...open];
  }
}

/** How long the stop that goes on has lasted, as far as who is on top now had the lane. */
function stoppedFor(hold: Hold, t: number): number {
  return Number.isNaN(hold.stoppedNs) ? 0 : Math.max(0, t - Math.max(hold.stoppedNs, hold.topNs));
}

export const heldLane: Rule = {
  name: 'held-lane',
  says: 'One task kept a thread for 100 ms or more without giving it away.',
  start: (trace) => new HeldLane(trace),
};
