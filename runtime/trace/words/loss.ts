/** Why records are missing, and what is therefore unknown. */
import { LOSSES } from '../format/kinds.ts';
import { isCutOff, lossAfter } from '../model/known-until.ts';
import type { Trace } from '../model/trace.ts';
import { duration } from './duration.ts';

const CAUSES: Readonly<Record<(typeof LOSSES)[number], string>> = {
  '': 'why was not recorded',
  ring: 'the program was faster than its recording',
  disk: 'the disk took no more of the recording',
  hole: 'they were damaged, or never completed',
  limit: 'the recording had reached its size limit',
  permission: 'the permission to write the recording was missing',
  threads: 'more threads ran at once than are recorded',
  room: 'the program was faster than room was made at the size limit',
};

/** "the recording had reached its size limit". @param where index in LOSSES */
export const lossCause = (where: number): string => CAUSES[LOSSES[where] ?? ''];

/**
 * "what it did after 1.20 s is unknown: the recording had reached its size limit"; null: all that
 * the row did was recorded. The time counts from the trace's start.
 */
export function describeUnknown(trace: Trace, row: number): string | null {
  const loss = lossAfter(trace, row);
  if (loss === null) return null;
  const sinceNs = Math.max(loss.sinceNs, trace.tasks.rowSinceNs[row]!);
  return `what it did after ${duration(sinceNs)} of the trace is unknown: ${lossCause(loss.where)}`;
}

/** "at the end", or "at the last record, 40 ms before the process was ended". */
export function describeLastMoment(trace: Trace, row: number): string {
  const { cutNs, endNs } = trace.processes[trace.tasks.process[row]!]!;
  if (cutNs === null || !isCutOff(trace, row)) return 'at the end';
  return `at the last record, ${duration((endNs ?? cutNs) - cutNs)} before the process was ended`;
}
