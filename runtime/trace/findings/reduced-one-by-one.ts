/**
 * Runs of an async function that `reduce` was given: each awaits the one before it, and only then
 * begins with what needs nothing of that (the parser saw it). So they come one after another, and
 * could go on together.
 */
import { timesSoFar } from '../model/times-so-far.ts';
import type { Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import { isReducer } from './dropped-tasks.ts';
import type { Finding } from './finding.ts';

const MIN_RUNS = 3;
const MIN_GAIN_NS = 25e6;
/** Of the life of the task that called `reduce`. */
const MIN_SHARE = 0.15;
const MAX_FINDINGS = 10;
const MAX_TASKS = 20;

export function reducedOneByOne(trace: Trace, rule: string): Finding[] {
  if (!trace.sites.some((_, site) => isReducer(trace, site))) return [];
  const byCall = new Map<string, number[]>();
  const { count: taskCount, site, parent } = trace.tasks;
  for (let task = 0; task < taskCount; task++) {
    if (site[task]! < 0 || parent[task]! < 0 || !isReducer(trace, site[task]!)) continue;
    const key = `${parent[task]} ${site[task]}`;
    const runs = byCall.get(key);
    if (runs === undefined) byCall.set(key, [task]);
    else runs.push(task);
  }
  return [...byCall.values()].flatMap((runs) => findingOf(trace, rule, runs) ?? []).slice(0, MAX_FINDINGS);
}

/** @param runs of one call, in the order in which they began. Null: it would save too little. */
function findingOf(trace: Trace, rule: string, runs: readonly number[]): Finding | null {
  const { beganNs, endedNs, parent, process, site, waitSite } = trace.tasks;
  const ended = runs.filter((run) => !Number.isNaN(endedNs[run]!));
  if (ended.length < MIN_RUNS || trace.losses.hasAny(process[runs[0]!]!)) return null;
  let fromNs = beganNs[ended[0]!]!;
  let sumNs = 0;
  let longestNs = 0;
  for (const run of ended) {
    const ownNs = endedNs[run]! - fromNs;
    // It did not wait for the one before.
    if (ownNs < 0) return null;
    sumNs += ownNs;
    longestNs = Math.max(longestNs, ownNs);
    fromNs = endedNs[run]!;
  }
  const caller = parent[runs[0]!]!;
  const row = trace.rowOf(caller);
  const { livedNs } = timesSoFar(trace, row);
  const gainNs = sumNs - longestNs;
  if (gainNs < MIN_GAIN_NS || gainNs < MIN_SHARE * livedNs) return null;
  const [fn, at] = [site[runs[0]!]!, waitSite[ended.at(-1)!]!];
  return {
    rule,
    severity: 'warning',
    words: [
      taskPart(trace, caller),
      ` ran the ${count(ended.length, 'callback')} of \`${trace.sites[fn]!.text}\` (`,
      sitePart(trace, at >= 0 ? at : fn),
      `) one after another: ${duration(sumNs)} of ${duration(livedNs)}; together they would take ${duration(longestNs)}. ` +
        'Each awaits the one before it first, and needs nothing of that for what it awaits then: ' +
        'begin all by `map`, await Promise.all, and put the results together.',
    ],
    sites: [at, fn].filter((known) => known >= 0),
    tasks: [...new Set([row, ...ended.map((run) => trace.rowOf(run))])].slice(0, MAX_TASKS),
    t: fromNs,
    sinceNs: beganNs[ended[0]!]!,
    gainNs,
  };
}
