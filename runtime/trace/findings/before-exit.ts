/**
 * A listener of `beforeExit` began new work each time the process had nothing more to do, so it
 * never ended: Node tells of `beforeExit` again once that work is done. Said of a process that
 * somebody had to interrupt, or that goes on. Refuted by a listener that stops at some time.
 */
import { PROCESS_END } from '../format/kinds.ts';
import type { Process, Trace } from '../model/trace.ts';
import { count } from '../words/duration.ts';
import { sitePart } from '../words/parts.ts';
import type { Finding } from './finding.ts';
import { interruptOf } from './interrupt.ts';

const NAME = "on('beforeExit') callback";
/** So often it does not stop by itself. */
const MIN_RUNS = 10;

export function begunBeforeExit(trace: Trace, process: Process): Omit<Finding, 'rule'> | null {
  const interrupt = interruptOf(trace, process);
  const isEnded = process.endNs !== null && process.endKind !== PROCESS_END.signal;
  if (isEnded || (interrupt === null && trace.isOver)) return null;
  const { tasks } = trace;
  let first = -1;
  let last = -1;
  let runs = 0;
  for (let task = 0; task < tasks.count; task++) {
    if (tasks.process[task] !== process.index || trace.nameOf(task) !== NAME) continue;
    if (first >= 0 && tasks.site[task] !== tasks.site[first]) continue;
    if (first < 0) first = task;
    last = task;
    runs++;
  }
  const site = first < 0 ? -1 : tasks.site[first]!;
  if (runs < MIN_RUNS || site < 0) return null;
  return {
    severity: interrupt === null ? 'info' : 'error',
    words: [
      'The process never ended, since the listener of `beforeExit` at ',
      sitePart(trace, site),
      ` began new work each time nothing else was left to do, ${count(runs, 'time')}. `,
      'Node tells of `beforeExit` again after each work: do it once, and only where something is left.',
    ],
    sites: [site],
    tasks: [trace.rowOf(last)],
    t: tasks.beganNs[last]!,
    sinceNs: tasks.beganNs[first]!,
    ...(interrupt === null ? {} : { explainsEnd: true }),
  };
}
