/**
 * A `Promise.race` or `Promise.any` was decided, and all that the process did from some time on, up
 * to its end, was what had lost it: work for nobody, which nobody stopped.
 *
 * Refuted by anything else that went on beside them, but for callbacks of timers and events, and
 * what these begin: a server of the program's own answers the losers, too.
 */
import { ACTIVATION_KIND, GROUP_KIND, PROCESS_END, numberSet } from '../format/kinds.ts';
import { taskOfTarget } from '../model/state.ts';
import type { Group, Process, Trace } from '../model/trace.ts';
import { duration } from '../words/duration.ts';
import { resourcePart, sitePart, taskList } from '../words/parts.ts';
import type { Finding } from './finding.ts';

const RACES = numberSet(GROUP_KIND, 'race', 'any');
const CALLBACKS = numberSet(
  ACTIVATION_KIND,
  'timer-callback',
  'io-callback',
  'event-callback',
  'tick-callback',
  'promise-callback',
);
const { main: MAIN, module: MODULE } = ACTIVATION_KIND;
const MIN_LEFT_NS = 200e6;
const MIN_SHARE = 0.2;
const MAX_CLIMB = 64;
const MAX_TASKS = 20;

export function raceLosers(trace: Trace, process: Process): Omit<Finding, 'rule'> | null {
  const { endNs, endKind, index } = process;
  if (endNs === null || endKind !== PROCESS_END.exit || trace.losses.hasAny(index)) return null;
  const losers = losersOf(trace, index);
  if (losers.size === 0) return null;
  const restNs = restDoneNs(trace, index, losers);
  const { endedNs, site: sites } = trace.tasks;
  const left = [...losers.keys()].filter((task) => endedNs[task]! > restNs);
  const [first] = left;
  if (first === undefined) return null;
  const { race, decidedNs } = losers.get(first)!;
  const doneNs = Math.max(restNs, decidedNs);
  if (endNs - doneNs < MIN_LEFT_NS || endNs - doneNs < MIN_SHARE * endNs) return null;
  const { creator } = trace.resources[race]!;
  const [site, madeAt] = [sites[first]!, creator < 0 ? -1 : raceSite(trace, creator)];
  return {
    severity: 'warning',
    words: [
      `Nothing else was left to do from ${duration(doneNs)} on, and the process ended ${duration(endNs - doneNs)} later: `,
      ...taskList(trace, left.slice(0, MAX_TASKS)),
      ...(site < 0 ? [] : [' (', sitePart(trace, site), ')']),
      ' went on though the ',
      resourcePart(trace, race),
      ...(creator < 0 ? [] : [' of ', { task: trace.rowOf(creator), text: trace.nameOf(creator) }]),
      ...(madeAt < 0 ? [] : [' (', sitePart(trace, madeAt), ')']),
      ` had been decided without ${left.length === 1 ? 'it' : 'them'}. `,
      'An AbortSignal can stop what has lost.',
    ],
    sites: [madeAt, site].filter((known) => known >= 0),
    tasks: left.slice(0, MAX_TASKS).map((task) => trace.rowOf(task)),
    t: endNs,
    sinceNs: doneNs,
    gainNs: endNs - doneNs,
  };
}

/** The line of the race, where the task waited there last; else of its function. */
function raceSite({ tasks, sites }: Trace, task: number): number {
  const last = tasks.waitSite[task]!;
  return last >= 0 && /\bPromise\s*\.\s*(?:race|any)\b/.test(sites[last]!.text) ? last : tasks.site[task]!;
}

interface LostRace {
  /** Its resource. */
  readonly race: number;
  readonly decidedNs: number;
}

/** Tasks that went on when a race of theirs was decided. */
function losersOf(trace: Trace, process: number): Map<number, LostRace> {
  const losers = new Map<number, LostRace>();
  const { endedNs, process: processes } = trace.tasks;
  for (const [resource, group] of trace.groups) {
    if (!RACES.has(group.kind)) continue;
    const decidedNs = decidedNsOf(trace, group);
    for (const member of group.members) {
      const task = taskOfTarget(member ?? 0);
      if (task >= 0 && processes[task] === process && endedNs[task]! > decidedNs)
        losers.set(task, { race: resource, decidedNs });
    }
  }
  return losers;
}

/** Infinity: it is not known. */
function decidedNsOf(trace: Trace, { decider, members }: Group): number {
  const task = decider === null ? -1 : taskOfTarget(members[decider] ?? 0);
  const ns = task < 0 ? Number.NaN : trace.tasks.endedNs[task]!;
  return Number.isNaN(ns) ? Infinity : ns;
}

/** When all had ended that neither a loser nor the world had begun. */
function restDoneNs(trace: Trace, process: number, losers: ReadonlyMap<number, LostRace>): number {
  const { count, process: processes, endedNs, frameOf } = trace.tasks;
  let doneNs = 0;
  for (let row = 0; row < count; row++) {
    if (processes[row] !== process || frameOf[row]! >= 0 || endedNs[row]! <= doneNs) continue;
    if (!isOfOthers(trace, row, losers)) doneNs = Number.isNaN(endedNs[row]!) ? Infinity : endedNs[row]!;
  }
  return doneNs;
}

/** It is a loser's, or the world's: nobody began it, or a callback did. */
function isOfOthers({ tasks }: Trace, row: number, losers: ReadonlyMap<number, LostRace>): boolean {
  const { kind, parent } = tasks;
  // The main body ends with the process.
  if (kind[row] === MAIN) return true;
  for (let task = row, i = 0; task >= 0 && i < MAX_CLIMB; task = parent[task]!, i++) {
    if (losers.has(task) || CALLBACKS.has(kind[task]!)) return true;
    if (parent[task]! < 0) return kind[task] !== MAIN && kind[task] !== MODULE;
  }
  return false;
}
