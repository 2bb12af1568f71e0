/**
 * A trace in a few sentences, for a terminal: the verdict, what else was found, where the time
 * went, what ran, and what was not seen. A thin trace says why it is thin. The summary claims
 * nothing that the trace does not hold.
 */
import { openWaits } from '../../trace/model/open-waits.ts';
import type { Answer } from '../../trace/queries/answer.ts';
import { causeAndHandlerLines, causeLines, cpuLines, whereLines } from '../../trace/queries/answer-lines.ts';
import { isCause } from '../../trace/queries/causes.ts';
import { whyAll } from '../../trace/queries/why.ts';
import { describeKept } from '../../trace/words/kept.ts';
import { plain } from '../../trace/words/sentence.ts';
import { describeProcess } from './describe-process.ts';
import type { SummaryInput } from './summary-input.ts';
import { countRows, describeCounts, failureLines } from './task-lines.ts';
import { explainThinTrace, holdsUnparsed, noticesOf } from './thin-trace.ts';
import { explainedShare, longestWaitLines, openWaitLines } from './wait-lines.ts';

const MAX_CAUSES = 3;
const MAX_UNSEEN = 3;

/** Lines without their ends. */
export function makeSummary(input: SummaryInput): string[] {
  const { trace, sums, troubles, alive } = input;
  const processes = trace.processes.map((process) => describeProcess(trace, process, alive));
  const kept = describeKept(trace);
  if (kept !== null) processes.push(`${kept} What is said here holds from then on.`);
  const rows = countRows(trace);
  const open = openWaits(trace);
  // Frames are tasks that were seen, though their callers' rows speak for them.
  const hasTasks = rows.all > rows.bodies || trace.tasks.count > rows.all;
  const isThin = !hasTasks && sums.count === 0 && open.length === 0;
  const answer = whyAll(input);
  const lines: string[] = [];
  if (!isThin || (hasCause(answer) && !holdsUnparsed(trace))) {
    lines.push(plain(answer.verdict), ...causeAndHandlerLines(trace, answer, MAX_CAUSES));
    lines.push(...failureLines(input), ...openWaitLines(input, open));
    if (isThin) lines.push(...processes, ...explainThinTrace(trace));
    else {
      lines.push(...whereLines(trace, answer), ...cpuLines(trace, answer));
      lines.push(...longestWaitLines(input, open), ...processes);
      lines.push(describeCounts(trace, rows), ...explainedShare(sums, open.length > 0));
    }
  } else {
    // Why it is thin comes before what little was found.
    lines.push(...processes, ...explainThinTrace(trace));
    lines.push(...causeLines(trace, { ...answer, verdict: [] }, MAX_CAUSES));
  }
  // A program without tasks has no other table.
  if (isThin) lines.push(...cpuLines(trace, answer));
  lines.push(...lostLines(input));
  if (rows.all > rows.bodies) {
    for (const notice of noticesOf(trace, 'unseen').slice(0, MAX_UNSEEN)) lines.push(`Not seen: ${notice}.`);
  }
  for (const fault of noticesOf(trace, 'fault')) lines.push(`The instrument switched itself off: ${fault}.`);
  for (const trouble of troubles) lines.push(`Damaged: ${trouble}.`);
  return lines;
}

const hasCause = ({ causes }: Answer): boolean => causes.some(({ severity }) => severity !== 'info');

const lostLines = ({ findings }: SummaryInput): string[] =>
  findings.filter((finding) => !isCause(finding)).map(({ words }) => `Not seen: ${plain(words)}`);
