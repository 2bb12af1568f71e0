/**
 * The whole trace in one paragraph: what the page says when nothing is selected. Spans that go on
 * count up to the end of the trace. It has no sums over tasks: beside the time of the run they read
 * as a contradiction.
 */
import { OUTCOME } from '../../../runtime/trace/format/kinds.ts';
import { timesSoFar } from '../../../runtime/trace/model/times-so-far.ts';
import { count, duration } from '../../../runtime/trace/words/duration.ts';
import { describeKept } from '../../../runtime/trace/words/kept.ts';
import { taskPart } from '../../../runtime/trace/words/parts.ts';
import type { SentencePart, Sentence } from '../../../runtime/trace/words/sentence.ts';
import type { Session } from '../session/session.ts';

const MAX_FAILED_TASKS = 3;

export function summarize({ trace, columns }: Session): Sentence {
  const { tasks } = trace;
  if (trace.events === 0) return [];
  let taskCount = 0;
  let longestWaiter = -1;
  let longestWaitNs = 0;
  const failed: number[] = [];
  for (let row = 0; row < tasks.count; row++) {
    if (tasks.frameOf[row]! >= 0) continue;
    const times = timesSoFar(trace, row);
    taskCount++;
    if (times.waitNs > longestWaitNs) {
      longestWaiter = row;
      longestWaitNs = times.waitNs;
    }
    if (tasks.outcome[row] === OUTCOME.error && failed.length < MAX_FAILED_TASKS) failed.push(row);
  }
  const parts: SentencePart[] = [
    `${duration(trace.endNs - (trace.kept?.sinceNs ?? 0))} on ${describeProcessesOrThreads(trace)}, ` +
      `${count(taskCount, 'task')}.`,
  ];
  if (taskCount > 1 && longestWaiter >= 0) {
    const waiter = taskPart(trace, longestWaiter);
    parts.push(' Longest in waiting: ', waiter, ` (${duration(longestWaitNs)}).`);
  }
  failed.forEach((row, i) => parts.push(i === 0 ? ' Failed: ' : ', ', taskPart(trace, row)));
  if (failed.length > 0) parts.push('.');
  const kept = describeKept(trace);
  if (kept !== null) parts.push(` ${kept}`);
  if (trace.lost > 0) {
    const gaps = count(columns.losses.length, 'gap');
    parts.push(` ${count(trace.lost, 'record')} were lost in ${gaps}.`);
  }
  return parts;
}

function describeProcessesOrThreads({ processes, lanes }: Session['trace']): string {
  if (processes.length > 1) return `${processes.length} processes`;
  return lanes.length > 1 ? `${lanes.length} threads` : 'one thread';
}
