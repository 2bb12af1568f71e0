/**
 * How much of a trace belongs to somebody: of each thread's CPU time, what tasks and callbacks
 * took; of the waiting, what has a waker and what was for something that has a name. What is left
 * is listed with the reason.
 *
 * CPU time is known at moments only (`model/thread-times-log.ts`). Between two of them, a task that
 * had the thread is taken to have had as large a share of a processor as the thread had when it
 * could run, and never more CPU time than the thread used.
 */
import type { Observer } from '../fold/observer.ts';
import { HOLD } from '../format/kinds.ts';
import { settledTarget } from '../model/settled-reason.ts';
import type { IndexedSpans, Interval } from '../model/spans.ts';
import { resourceOfTarget, type Target, taskOfTarget } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { EndedWait } from '../model/wait.ts';
import { isRest } from '../model/is-rest.ts';
import { isForTurn, isWoken } from './wait-sums.ts';

/** What many things of a program look like: no name of what is waited for. */
const NAMELESS: ReadonlySet<string> = new Set([
  ...['a TCP connection', 'a TLS connection', 'a pipe', 'a UDP socket', 'a stream', 'a message'],
  ...['the terminal', 'an HTTP/2 connection'],
]);
const MAX_LINES = 10_000;

/** Waits at one line of which something is not known. */
export interface UnknownWaits {
  readonly site: number;
  /** `waker`: nobody was recorded who ended them. `name`: what they were for has none. */
  readonly lacks: 'waker' | 'name';
  /** Of `name`: what is known instead, "a TCP connection"; '': nothing. */
  readonly instead: string;
  readonly ns: number;
  readonly count: number;
}

export interface WaitAttribution {
  readonly totalNs: number;
  readonly wokenNs: number;
  readonly namedNs: number;
  /** The most time first. */
  readonly unknown: readonly UnknownWaits[];
}

export interface LaneAttribution {
  readonly lane: number;
  /** From the thread's begin to the last that the system said. */
  readonly cpuNs: number;
  /** Before its first task began: Node starts, and the agent with it. */
  readonly startNs: number;
  readonly taskNs: number;
  /** Code that was seen at work outside of tasks. */
  readonly seenNs: number;
  /** What a profiler saw of the thread, all of it; 0: none was asked for. */
  readonly profiledNs: number;
  readonly unseenNs: number;
  /** Where that is: stretches between two of the system's answers, the most time first. */
  readonly unseen: readonly UnseenStretch[];
}

export interface UnseenStretch extends Interval {
  readonly ns: number;
  /** Packages and parts of Node that were seen at work there. */
  readonly by: string;
}

interface Sum {
  ns: number;
  count: number;
}

/** Gathers the waits. */
export class AttributionSums implements Observer {
  readonly #trace: Trace;
  #totalNs = 0;
  #wokenNs = 0;
  #namedNs = 0;
  readonly #unknown = new Map<string, Sum & Pick<UnknownWaits, 'site' | 'lacks' | 'instead'>>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  waitEnded(wait: EndedWait): void {
    if (isRest(wait)) return;
    const { startNs, endNs, target, site, waker, cause } = wait;
    const ns = endNs - startNs;
    this.#totalNs += ns;
    if (isWoken(this.#trace, wait)) this.#wokenNs += ns;
    else this.#add({ site, lacks: 'waker', instead: '' }, ns);
    const name = isForTurn(wait) ? null : this.#missingName(settledTarget(this.#trace, target, waker, cause));
    if (name === null) this.#namedNs += ns;
    else this.#add({ site, lacks: 'name', instead: name }, ns);
  }

  waits(): WaitAttribution {
    const unknown = [...this.#unknown.values()].sort((a, b) => b.ns - a.ns);
    return { totalNs: this.#totalNs, wokenNs: this.#wokenNs, namedNs: this.#namedNs, unknown };
  }

  /** Null: what is waited for has a name. Else what is known instead. */
  #missingName(target: Target): string | null {
    if (taskOfTarget(target) >= 0) return null;
    const resource = this.#trace.resources[resourceOfTarget(target)];
    if (resource === undefined) return '';
    return NAMELESS.has(resource.name) ? resource.name : null;
  }

  #add(of: Pick<UnknownWaits, 'site' | 'lacks' | 'instead'>, ns: number): void {
    const key = `${of.site} ${of.lacks} ${of.instead}`;
    const sum = this.#unknown.get(key);
    if (sum !== undefined) {
      sum.ns += ns;
      sum.count++;
    } else if (this.#unknown.size < MAX_LINES) this.#unknown.set(key, { ...of, ns, count: 1 });
  }
}

/** Of each thread of whose time the system said something. */
export function attributeLanes(trace: Trace, spans: IndexedSpans): LaneAttribution[] {
  return trace.lanes.map(({ index }) => attributeLane(trace, spans, index)).filter((lane) => lane !== null);
}

function attributeLane(trace: Trace, spans: IndexedSpans, lane: number): LaneAttribution | null {
  const times = trace.threadTimes.timesOfLane(lane);
  const first = times[0];
  const last = times.at(-1);
  if (first === undefined || last === undefined || last.ranNs === 0) return null;
  const beganNs = spans.laneSpanAt(lane, 0)?.startNs ?? Number.POSITIVE_INFINITY;
  const sums = { startNs: first.ranNs, taskNs: 0, seenNs: 0, unseenNs: 0 };
  const unseen: UnseenStretch[] = [];
  let at = 0;
  for (let i = 1; i < times.length; i++) {
    const { t: fromNs, ranNs, delayedNs } = times[i - 1]!;
    const { t: toNs } = times[i]!;
    const cpuNs = times[i]!.ranNs - ranNs;
    if (cpuNs <= 0) continue;
    const rate = cpuNs / (cpuNs + times[i]!.delayedNs - delayedNs);
    let leftNs = cpuNs;
    const take = (wallNs: number): number => {
      const ns = Math.min(leftNs, wallNs * rate);
      leftNs -= ns;
      return ns;
    };
    let taskNs = 0;
    for (; ; at++) {
      const span = spans.laneSpanAt(lane, at);
      if (span === null || span.startNs >= toNs) break;
      if (span.task >= 0) taskNs += overlapNs(span.startNs, span.endNs, fromNs, toNs);
      if (span.endNs > toNs) break;
    }
    sums.taskNs += take(taskNs);
    sums.startNs += take(overlapNs(fromNs, Math.min(beganNs, toNs), fromNs, toNs));
    const holds = trace.holds.within(lane, fromNs, toNs);
    const seen = holds.filter(({ site, kind }) => site >= 0 && kind !== HOLD.starved);
    sums.seenNs += take(
      seen.reduce((sum, hold) => sum + overlapNs(hold.sinceNs, hold.untilNs, fromNs, toNs), 0),
    );
    if (leftNs <= 0) continue;
    sums.unseenNs += leftNs;
    const by = [...new Set(holds.map(({ callee }) => callee).filter(Boolean))].join(', ');
    unseen.push({ fromNs, toNs, ns: leftNs, by });
  }
  unseen.sort((a, b) => b.ns - a.ns);
  const profiledNs = trace.profile.nsOfLane(lane);
  // It begins when Node and the agent are there.
  const afterStartNs = last.ranNs - sums.startNs;
  if (profiledNs > 0) sums.unseenNs = Math.min(sums.unseenNs, Math.max(0, afterStartNs - profiledNs));
  return { lane, cpuNs: last.ranNs, ...sums, profiledNs, unseen };
}

const overlapNs = (aFrom: number, aTo: number, fromNs: number, toNs: number): number =>
  Math.max(0, Math.min(aTo, toNs) - Math.max(aFrom, fromNs));
