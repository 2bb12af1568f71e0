/**
 * Async functions that await each other in a circle: the promise of each settles when it ends, and
 * it ends after the next. So do threads that join each other. One who waits for a race is no part
 * of it: another could win that.
 */
import { ACTIVATION_KIND, GROUP_KIND, numberSet, PROCESS_END, REASON } from '../format/kinds.ts';
import { nowOf } from '../model/known-until.ts';
import { resourceOfTarget, State, taskOfTarget } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import { sitePart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import { inFunction } from '../words/wait.ts';
import type { Finding } from './finding.ts';
import { ThreadBodies } from './thread-bodies.ts';

const ANY_KINDS = numberSet(GROUP_KIND, 'race', 'any');
const MIN_WAIT_NS = 1e9;
const MAX_TOLD = 4;
const MAX_MEMBERS = 1000;
const MAX_FINDINGS = 10;

export function taskCycles(trace: Trace, rule: string): Finding[] {
  const { state, count } = trace.tasks;
  const bodies = new ThreadBodies(trace);
  const seen = new Set<number>();
  const found: Finding[] = [];
  for (let task = 0; task < count && found.length < MAX_FINDINGS; task++) {
    if (state[task] !== State.wait || seen.has(task)) continue;
    const cycle = cycleFrom(trace, task, seen, bodies);
    if (cycle !== null && isProven(trace, cycle)) found.push(findingOf(trace, cycle, rule));
  }
  return found;
}

/** A walk in depth over all that has not been seen. Null: it leads into no circle. */
function cycleFrom(
  trace: Trace,
  start: number,
  seen: Set<number>,
  bodies: ThreadBodies,
): readonly number[] | null {
  const path: { readonly task: number; readonly left: number[] }[] = [];
  const placeOf = new Map<number, number>();
  const open = (task: number): void => {
    seen.add(task);
    placeOf.set(task, path.length);
    path.push({ task, left: awaitedBy(trace, task, bodies) });
  };
  open(start);
  while (path.length > 0) {
    const { task, left } = path[path.length - 1]!;
    const next = left.pop();
    if (next === undefined) {
      path.pop();
      placeOf.delete(task);
      continue;
    }
    const place = placeOf.get(next);
    if (place !== undefined) return path.slice(place).map((step) => step.task);
    if (!seen.has(next)) open(next);
  }
  return null;
}

function awaitedBy(trace: Trace, task: number, bodies: ThreadBodies): number[] {
  const { state, target, reason } = trace.tasks;
  if (state[task] !== State.wait) return [];
  const joined = bodies.joinedBy({ reason: reason[task]!, target: target[task]! });
  if (joined >= 0) return state[joined] === State.wait ? [joined] : [];
  const group = trace.groups.get(resourceOfTarget(target[task]!));
  if (group !== undefined && ANY_KINDS.has(group.kind)) return [];
  const targets = group === undefined ? [target[task]!] : group.members.slice(0, MAX_MEMBERS);
  return targets.map(taskOfTarget).filter((awaited) => awaited >= 0 && state[awaited] === State.wait);
}

function isProven(trace: Trace, cycle: readonly number[]): boolean {
  const process = trace.processes[trace.tasks.process[cycle[0]!]!]!;
  if (trace.losses.hasAny(process.index)) return false;
  if (process.endKind === PROCESS_END.exit) return true;
  const { rowSinceNs } = trace.tasks;
  return cycle.every((task) => {
    const row = trace.rowOf(task);
    return nowOf(trace, row) - rowSinceNs[row]! >= MIN_WAIT_NS;
  });
}

function findingOf(trace: Trace, cycle: readonly number[], rule: string): Finding {
  const { kind, reason, waitSite, rowSinceNs } = trace.tasks;
  const named = (task: number): SentencePart => ({ task: trace.rowOf(task), text: trace.labelOf(task) });
  const words: SentencePart[] = [];
  const isOfThreads = cycle.every((task) => kind[task] === ACTIVATION_KIND.thread);
  cycle.slice(0, MAX_TOLD).forEach((task, i) => {
    if (i > 0) words.push('; ');
    const next = cycle[(i + 1) % cycle.length]!;
    const isJoin = reason[task] === REASON.join;
    words.push(named(task), isJoin ? ' waits for the end of ' : ' waits for ');
    words.push(next === task ? 'itself' : named(next));
    const site = waitSite[task]!;
    if (site >= 0) words.push(' at ', sitePart(trace, site), inFunction(trace, trace.rowOf(task), site));
  });
  words.push(
    ': a deadlock, none of them can end. ',
    isOfThreads
      ? 'Let each thread end by itself, and join them all from one that they do not wait for.'
      : 'Let one of them go on without waiting for the next.',
  );
  const rows = [...new Set(cycle.map((task) => trace.rowOf(task)))];
  const since = rows.map((row) => rowSinceNs[row]!);
  return {
    rule,
    severity: 'error',
    words,
    sites: [...new Set(cycle.map((task) => waitSite[task]!))].filter((site) => site >= 0),
    tasks: rows,
    t: Math.max(...since),
    sinceNs: Math.min(...since),
    explainsEnd: true,
  };
}
