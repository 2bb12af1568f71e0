/** Timers that were the time limit of a race, and were left when it was decided without them. */
import { GROUP_KIND, RESOURCE_KIND, numberSet } from '../format/kinds.ts';
import type { Resource, Trace } from '../model/trace.ts';

const RACES = numberSet(GROUP_KIND, 'race', 'any');
const TIMER = RESOURCE_KIND.timer;

/** What to do about one. */
export const CLEAR_TIMEOUT =
  'clearTimeout() when it is needed no more, or unref() on it, lets the process end.';

/** When the timer of a `setTimeout` comes, ns; NaN: it is none. */
export function dueNsOf({ kind, name, beganNs }: Resource): number {
  const delay = kind === TIMER ? /^setTimeout (\d+) ms/.exec(name)?.[1] : undefined;
  return delay === undefined ? Number.NaN : beganNs + Number(delay) * 1e6;
}

/**
 * A race of the task that made the timer, begun after it and decided before it comes; −1: none, or
 * it is no timer.
 */
export function raceWithout(trace: Trace, timer: Resource): number {
  const dueNs = dueNsOf(timer);
  if (timer.creator < 0 || Number.isNaN(dueNs)) return -1;
  for (const [resource, group] of trace.groups) {
    const { creator, beganNs: raceNs } = trace.resources[resource]!;
    if (creator !== timer.creator || !RACES.has(group.kind) || group.decider === null) continue;
    const decider = group.members[group.decider] ?? 0;
    const isOther = decider > 0 && trace.tasks.endedNs[decider - 1]! < dueNs;
    if (isOther && raceNs >= timer.beganNs && raceNs < dueNs) return resource;
  }
  return -1;
}

/** The same of the last timer that the task made by this name. */
export function raceWithoutNamed(trace: Trace, creator: number, name: string): number {
  if (creator < 0 || !name.startsWith('setTimeout ')) return -1;
  const timer = trace.resources.findLast((each) => each.creator === creator && each.name === name);
  return timer === undefined ? -1 : raceWithout(trace, timer);
}
