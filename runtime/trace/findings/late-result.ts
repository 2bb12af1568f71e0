/**
 * Work that always comes too late: a `Promise.race` gave it up by a limit, again and again, and
 * each time it ended by itself afterwards, for nobody. The limit is shorter than the work;
 * where the caller tries again, the same work is done many times over.
 *
 * Refuted by runs of the same function that came in time at this line: then the limit cuts off what
 * is slow for once. A run that failed or was stopped is no work done for nobody, and a race that
 * another task won was no limit.
 */
import type { Observer } from '../fold/observer.ts';
import { GROUP_KIND, OUTCOME, REASON } from '../format/kinds.ts';
import { resourceOfTarget, State, taskOfTarget } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { EndedWait } from '../model/wait.ts';
import { count, duration } from '../words/duration.ts';
import { sitePart } from '../words/parts.ts';
import { CoveredTime } from './covered-time.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

export const lateResult: Rule = {
  name: 'late-result',
  description: 'Work ended each time after the limit at which its caller gave it up.',
  start: (trace) => new LateResult(trace),
};

const MIN_LATE = 3;
const MIN_SHARE = 0.8;
const MIN_WORK_NS = 200e6;
/** What takes longer than so many times the limit is stuck or slow, and not just too late. */
const MAX_TIMES_LIMIT = 10;
const MAX_OPEN = 10_000;
const MAX_PLACES = 1000;
const MAX_KEPT = 1000;
const MAX_TASKS = 20;
const MAX_FINDINGS = 10;

/** A race at a line, and the function whose result it waits for. */
interface Place {
  readonly site: number;
  /** A run of the function. */
  readonly task: number;
  inTime: number;
  /** That ended well after they had been given up: how long each ran, and when that was. */
  readonly ranNs: number[];
  readonly limitNs: number[];
  late: number;
  /** Not ended, or failed, or after far too long. */
  other: number;
  readonly work: CoveredTime;
  readonly tasks: number[];
  firstNs: number;
  lastNs: number;
}

interface GivenUp {
  readonly place: Place;
  readonly t: number;
}

class LateResult implements RuleRun, Observer {
  readonly waitReasons = [REASON.group];
  readonly #trace: Trace;
  readonly #places = new Map<string, Place>();
  /** By task. */
  readonly #givenUp = new Map<number, GivenUp>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  waitEnded({ target, endNs, site }: EndedWait): void {
    if (site < 0) return;
    const group = this.#trace.groups.get(resourceOfTarget(target));
    if (group?.kind !== GROUP_KIND.race || group.decider === null || group.members.length < 2) return;
    const { state } = this.#trace.tasks;
    const decider = taskOfTarget(group.members[group.decider] ?? 0);
    if (decider >= 0) {
      const place = this.#placeOf(site, decider);
      if (place !== null) place.inTime++;
      return;
    }
    for (const member of group.members) {
      const task = taskOfTarget(member);
      if (task < 0 || state[task] === State.ended || this.#givenUp.size >= MAX_OPEN) continue;
      const place = this.#placeOf(site, task);
      if (place === null || this.#givenUp.has(task)) continue;
      place.other++;
      this.#givenUp.set(task, { place, t: endNs });
    }
  }

  taskEnded(task: number): void {
    const given = this.#givenUp.get(task);
    if (given === undefined) return;
    this.#givenUp.delete(task);
    const { outcome, beganNs: began, endedNs } = this.#trace.tasks;
    const { place, t } = given;
    const beganNs = began[task]!;
    const endNs = endedNs[task]!;
    if (outcome[task] !== OUTCOME.ok || endNs - beganNs > MAX_TIMES_LIMIT * (t - beganNs)) return;
    place.other--;
    if (place.late++ === 0) place.firstNs = beganNs;
    place.lastNs = endNs;
    place.work.add(beganNs, endNs);
    if (place.tasks.length < MAX_TASKS) place.tasks.push(task);
    if (place.ranNs.length >= MAX_KEPT) return;
    place.ranNs.push(endNs - beganNs);
    place.limitNs.push(t - beganNs);
  }

  findings(): Finding[] {
    const { losses, tasks } = this.#trace;
    return [...this.#places.values()]
      .filter(({ late, inTime, other }) => late >= MIN_LATE && late >= MIN_SHARE * (late + inTime + other))
      .filter(({ work, task }) => work.totalNs >= MIN_WORK_NS && !losses.hasAny(tasks.process[task]!))
      .sort((a, b) => b.work.totalNs - a.work.totalNs)
      .slice(0, MAX_FINDINGS)
      .map((place) => findingOf(this.#trace, place));
  }

  /** Null: there are too many. */
  #placeOf(site: number, task: number): Place | null {
    const key = `${site} ${this.#trace.tasks.site[task]}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    if (this.#places.size >= MAX_PLACES) return null;
    const counts = { inTime: 0, late: 0, other: 0, ranNs: [], limitNs: [], tasks: [] };
    const place = { site, task, ...counts, work: new CoveredTime(), firstNs: 0, lastNs: 0 };
    this.#places.set(key, place);
    return place;
  }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

function findingOf(trace: Trace, place: Place): Finding {
  const { site, task, late, inTime, other, ranNs, limitNs, work, tasks, firstNs, lastNs } = place;
  const fn = trace.tasks.site[task]!;
  const all = late + inTime + other;
  const ranMs = duration(median(ranNs));
  return {
    rule: lateResult.name,
    severity: 'warning',
    words: [
      `${late === all ? `All ${count(late, 'run')}` : `${late} of the ${count(all, 'run')}`} of `,
      { task, text: trace.nameOf(task) },
      ...(fn >= 0 ? [' (', sitePart(trace, fn), ')'] : []),
      ` ended after Promise.race at `,
      sitePart(trace, site),
      ` had given up: they took ${ranMs} at the median, and it waited for ${duration(median(limitNs))}. ` +
        `Nobody got what they brought. Wait longer than that, or stop the work by an AbortSignal.`,
    ],
    sites: [site, fn].filter((known) => known >= 0),
    tasks,
    t: lastNs,
    sinceNs: firstNs,
    gainNs: work.totalNs,
  };
}
