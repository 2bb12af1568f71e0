/** How many tasks there were, how they ended, and which failed. */
import { uncaughtErrors } from '../../trace/findings/uncaught-errors.ts';
import { ACTIVATION_KINDS, OUTCOMES } from '../../trace/format/kinds.ts';
import { State } from '../../trace/model/state.ts';
import { isCutOff, lossAfter } from '../../trace/model/known-until.ts';
import { terminatedWith } from '../../trace/model/times-so-far.ts';
import type { Trace } from '../../trace/model/trace.ts';
import { count } from '../../trace/words/duration.ts';
import { plain } from '../../trace/words/sentence.ts';
import { describeFailure } from '../../trace/words/span.ts';
import type { SummaryInput } from './summary-input.ts';

const BODIES: readonly (typeof ACTIVATION_KINDS)[number][] = ['main', 'module'];
const MAX_FAILURES = 3;

export interface RowCounts {
  all: number;
  /** Bodies of the program and its modules: there are some however little was seen. */
  bodies: number;
  failed: number;
  open: number;
  /** Of which it is unknown what became of them: records are missing. */
  unknown: number;
  terminated: number;
}

export function countRows(trace: Trace): RowCounts {
  const { tasks } = trace;
  const counts = { all: 0, bodies: 0, failed: 0, open: 0, unknown: 0, terminated: 0 };
  for (let task = 0; task < tasks.count; task++) {
    if (!isRow(trace, task)) continue;
    counts.all++;
    if (BODIES.includes(ACTIVATION_KINDS[tasks.kind[task]!] ?? '')) counts.bodies++;
    if (lossAfter(trace, task) !== null || isCutOff(trace, task)) counts.unknown++;
    else if (terminatedWith(trace, task)) counts.terminated++;
    else if (tasks.rowState[task] !== State.ended) counts.open++;
    else if (hasFailed(trace, task)) counts.failed++;
  }
  return counts;
}

export function describeCounts(trace: Trace, { all, failed, open, unknown, terminated }: RowCounts): string {
  const parts = [`${count(all, 'task')}, ${count(trace.events, 'event')}`];
  if (failed > 0) parts.push(`${count(failed, 'task')} failed`);
  if (open > 0) parts.push(`${count(open, 'task')} did not end`);
  if (unknown > 0)
    parts.push(`of ${count(unknown, 'task')} it is unknown how ${unknown === 1 ? 'it' : 'they'} went on`);
  if (terminated > 0) {
    const tasks = count(terminated, 'task was', 'tasks were');
    parts.push(`${tasks} terminated with ${terminated === 1 ? 'its' : 'their'} process or thread`);
  }
  if (trace.lost > 0) parts.push(`${count(trace.lost, 'record')} lost`);
  return `${parts.join('; ')}.`;
}

/**
 * Tasks that failed, without those that a finding names. Their errors may have been caught, and
 * perhaps swallowed.
 */
export function failureLines({ trace, findings }: SummaryInput): string[] {
  const named = new Set(
    findings.filter(({ rule }) => rule === uncaughtErrors.name).flatMap(({ tasks }) => tasks),
  );
  const failed: number[] = [];
  for (let row = 0; row < trace.tasks.count; row++) {
    if (isRow(trace, row) && hasFailed(trace, row) && !named.has(row)) failed.push(row);
  }
  const lines = failed.slice(0, MAX_FAILURES).map((row) => `Failed: ${plain(describeFailure(trace, row))}`);
  const remaining = failed.length - lines.length;
  if (remaining > 0) lines.push(`${count(remaining, 'more task')} failed.`);
  return lines;
}

const isRow = (trace: Trace, task: number): boolean => trace.tasks.frameOf[task]! < 0;
const hasFailed = (trace: Trace, row: number): boolean =>
  trace.tasks.rowState[row] === State.ended && OUTCOMES[trace.tasks.outcome[row]!] === 'error';
