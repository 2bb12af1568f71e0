/**
 * Tasks that outlive the test that began them. A test is told of only where it is certain: either
 * nobody has taken the promise of the task, or the task was still at work when its process ended:
 * it ran, or a timer or I/O would have let it go on. What a later hook waits for is no leak, nor is
 * what waits for something that never comes: it disturbs nobody, and never-settled tells of it.
 */
import type { Finding } from '../../trace/findings/finding.ts';
import { ACTIVATION_KIND, numberSet, REASON } from '../../trace/format/kinds.ts';
import { State, taskOfTarget } from '../../trace/model/state.ts';
import type { Trace } from '../../trace/model/trace.ts';
import { duration } from '../../trace/words/duration.ts';
import { sitePart, taskPart } from '../../trace/words/parts.ts';
import type { SentencePart } from '../../trace/words/sentence.ts';

export const LEAKED_TASK = 'leaked-task';

const WORK = numberSet(ACTIVATION_KIND, 'async-function', 'async-generator', 'coroutine', 'asyncio-task');
const BY_THE_WORLD = numberSet(REASON, 'timer', 'io');
/** What ends so soon after the test was about to end as well. */
const MIN_LATER_NS = 10e6;

/** @param testOf the test that a task belongs to, the test itself left out; −1: none */
export function findLeakedTasks(trace: Trace, testOf: (task: number) => number): Finding[] {
  const found: Finding[] = [];
  const told = new Set<number>();
  for (let task = 0; task < trace.tasks.count; task++) {
    const { frameOf, kind, site, parent } = trace.tasks;
    if (frameOf[task]! >= 0 || !WORK.has(kind[task]!)) continue;
    const test = testOf(task);
    if (test < 0 || trace.silenced.has(trace.sites[site[task]!], LEAKED_TASK)) continue;
    // What a leaked task has begun is a part of it.
    const isPart = told.has(parent[task]! < 0 ? -1 : trace.rowOf(parent[task]!));
    const words = isPart ? null : describeLeak(trace, task, test);
    if (words === null && !isPart) continue;
    told.add(task);
    if (words === null) continue;
    found.push({
      rule: LEAKED_TASK,
      severity: 'warning',
      words,
      sites: [calledAt(trace, task), trace.tasks.site[task]!].filter((index) => index >= 0),
      tasks: [task, test],
      t: trace.tasks.endedNs[test]!,
    });
  }
  return found;
}

/** null: it is none */
function describeLeak(trace: Trace, task: number, test: number): SentencePart[] | null {
  const { state, endedNs, process, droppedAt } = trace.tasks;
  if (state[test] !== State.ended || trace.losses.hasAny(process[task]!)) return null;
  const at = calledAt(trace, task);
  const words: SentencePart[] = [
    taskPart(trace, task),
    ...(at < 0 ? [] : [', which the test called at ', sitePart(trace, at), ',']),
  ];
  if (state[task] !== State.ended)
    return isAtWork(trace, task) ? [...words, ' still went on when the process of the test ended.'] : null;
  const laterNs = endedNs[task]! - endedNs[test]!;
  if (droppedAt[task]! < 0 || laterNs < MIN_LATER_NS) return null;
  return [...words, ` went on for ${duration(laterNs)} after the test had ended, and nobody awaits it.`];
}

/** Whether it runs, could run, or waits for the world: itself, or the task that it waits for. */
function isAtWork(trace: Trace, task: number): boolean {
  const { state, reason, target, count } = trace.tasks;
  // Tasks may wait for each other in a circle.
  for (let at = task, steps = 0; at >= 0 && steps < count; steps++) {
    if (state[at] === State.run || state[at] === State.ready) return true;
    if (state[at] !== State.wait) return false;
    if (BY_THE_WORLD.has(reason[at]!)) return true;
    at = taskOfTarget(target[at]!);
  }
  return false;
}

const calledAt = (trace: Trace, task: number): number => {
  const { droppedAt, madeAt } = trace.tasks;
  return droppedAt[task]! >= 0 ? droppedAt[task]! : madeAt[task]!;
};
