/**
 * Threads of Python computed at once, and only one of them ran at a time: the interpreter's lock
 * (GIL) let no two. The calls say how much processor time they had, for how long the machine gave
 * it to others, and whether they stopped every few milliseconds, as whoever waits for that lock
 * does. Code that lets the lock go does not stop; what waits for the world has little of a
 * processor.
 */
import { ACTIVATION_KIND, LANGUAGE, numberSet } from '../format/kinds.ts';
import { State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { resourcePart, sitePart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { CoveredTime } from './covered-time.ts';

export const gilBound: Rule = {
  name: 'gil-bound',
  description: 'Threads computed in Python at once, of which only one runs at a time.',
  start: (trace): RuleRun => ({ findings: () => findingsOf(trace) }),
};

const KINDS = numberSet(ACTIVATION_KIND, 'thread', 'chunk');
const MIN_NS = 150e6;
/** How many were at it at once, on average. */
const MIN_AT_ONCE = 1.7;
/** Processor time of them all, of the time in which any was at it. */
const MIN_BUSY = 0.6;
const MAX_BUSY = 1.25;
/** However busy the machine is. */
const MIN_OWN = 0.1;
/** How much of it is of those that stopped again and again, as the lock makes them. */
const MIN_LOCKED = 0.6;

interface Run {
  readonly task: number;
  readonly startNs: number;
  readonly endNs: number;
}

function findingsOf(trace: Trace): Finding[] {
  const { tasks, lanes, processes } = trace;
  const groups = new Map<string, Run[]>();
  for (let task = 0; task < tasks.count; task++) {
    if (tasks.cpuUs[task] === 0 || !KINDS.has(tasks.kind[task]!) || tasks.state[task] !== State.ended)
      continue;
    const lane = lanes[tasks.lane[task]!];
    const process = tasks.process[task]!;
    if (lane?.sharesGil !== true || processes[process]?.language !== LANGUAGE.python) continue;
    const endNs = tasks.endedNs[task]!;
    const run = { task, endNs, startNs: endNs - tasks.runNs[task]! - tasks.waitNs[task]! };
    const key = `${process} ${tasks.name[task]}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [run]);
    else group.push(run);
  }
  return [...groups.values()].flatMap((group) => findingOf(trace, group) ?? []);
}

function findingOf(trace: Trace, group: Run[]): Finding | null {
  const { tasks, resources } = trace;
  group.sort((a, b) => a.startNs - b.startNs);
  const covered = new CoveredTime();
  for (const { startNs, endNs } of group) covered.add(startNs, endNs);
  const elapsedNs = covered.totalNs;
  const ranNs = group.reduce((sum, { task }) => sum + tasks.runNs[task]!, 0);
  const hadNs = group.reduce((sum, { task }) => sum + tasks.cpuUs[task]! * 1e3, 0);
  if (elapsedNs < MIN_NS || ranNs < MIN_AT_ONCE * elapsedNs) return null;
  const starvedNs = group.reduce(
    (sum, { task }) => sum + (tasks.runNs[task]! * tasks.starved[task]!) / 16,
    0,
  );
  if (hadNs + starvedNs < MIN_BUSY * elapsedNs || hadNs > MAX_BUSY * elapsedNs) return null;
  const lockedNs = group.reduce((sum, { task }) => sum + tasks.runNs[task]! * tasks.isLocked[task]!, 0);
  if (hadNs < MIN_OWN * elapsedNs || lockedNs < MIN_LOCKED * ranNs) return null;
  const [{ task, startNs }] = group as [Run];
  const pool = resources[tasks.resource[task]!];
  const isPool = tasks.kind[task] === ACTIVATION_KIND.chunk && pool !== undefined;
  const site = tasks.madeAt[task]! >= 0 ? tasks.madeAt[task]! : tasks.site[task]!;
  const threads = new Set(group.map((run) => tasks.lane[run.task]!)).size;
  const words: SentencePart[] = [
    `${count(threads, 'thread')}`,
    ...(isPool ? [' of ', resourcePart(trace, pool.index)] : []),
    ` computed in \`${trace.nameOf(task)}\``,
    ...(site >= 0 ? [' (', sitePart(trace, site), ')'] : []),
    ` one at a time: ${count(group.length, 'call')} had ${duration(hadNs)} of processor time in ` +
      `${duration(elapsedNs)}, and were kept waiting for ${Math.round(100 * (1 - Math.min(1, hadNs / ranNs)))} % of theirs: ` +
      'the interpreter’s lock (GIL) lets one thread run. ProcessPoolExecutor computes at once.',
  ];
  return {
    rule: gilBound.name,
    severity: 'warning',
    words,
    sites: [site, pool?.site ?? -1].filter((known) => known >= 0),
    tasks: group.slice(0, 20).map((run) => run.task),
    t: group.at(-1)!.endNs,
    sinceNs: startNs,
  };
}
