/**
 * A trace in a few sentences, for a terminal: what ran, what was found, who waited longest and why,
 * how much of the waiting is explained. A thin trace says why it is thin. The summary claims
 * nothing that the trace does not hold.
 */
import { displayPlace } from '../../trace/model/display-path.ts';
import type { Finding } from '../../trace/findings/finding.ts';
import { openWaits } from '../../trace/model/open-waits.ts';
import type { Trace } from '../../trace/model/trace.ts';
import { count } from '../../trace/words/duration.ts';
import { describeKept } from '../../trace/words/kept.ts';
import { plain } from '../../trace/words/sentence.ts';
import { describeProcess } from './describe-process.ts';
import type { SummaryInput } from './summary-input.ts';
import { countRows, describeCounts, failureLines } from './task-lines.ts';
import { explainThinTrace, noticesOf } from './thin-trace.ts';
import { explainedShare, longestWaitLines, openWaitLines } from './wait-lines.ts';

const MAX_FINDINGS = 10;
const MAX_FINDING_PLACES = 3;
const MAX_UNSEEN = 3;

/** Lines without their ends. */
export function makeSummary(input: SummaryInput): string[] {
  const { trace, sums, findings, troubles, alive } = input;
  const lines = trace.processes.map((process) => describeProcess(trace, process, alive));
  const kept = describeKept(trace);
  if (kept !== null) lines.push(`${kept} What is said here holds from then on.`);
  const rows = countRows(trace);
  const open = openWaits(trace);
  // Frames are tasks that were seen, though their callers' rows speak for them.
  const hasTasks = rows.all > rows.bodies || trace.tasks.count > rows.all;
  const isThin = !hasTasks && sums.count === 0 && open.length === 0;
  if (isThin) lines.push(...explainThinTrace(trace));
  else lines.push(describeCounts(trace, rows), ...failureLines(input));
  for (const finding of findings.slice(0, MAX_FINDINGS)) {
    lines.push(`${finding.severity}: ${plain(finding.words)}${otherPlaces(trace, finding)}`);
  }
  if (findings.length > MAX_FINDINGS) {
    lines.push(`${count(findings.length - MAX_FINDINGS, 'more finding')}.`);
  }
  lines.push(...openWaitLines(input, open), ...longestWaitLines(input, open));
  lines.push(...explainedShare(sums, open.length > 0));
  if (rows.all > rows.bodies) {
    for (const notice of noticesOf(trace, 'unseen').slice(0, MAX_UNSEEN)) lines.push(`Not seen: ${notice}.`);
  }
  for (const fault of noticesOf(trace, 'fault')) lines.push(`The instrument switched itself off: ${fault}.`);
  for (const trouble of troubles) lines.push(`Damaged: ${trouble}.`);
  return lines;
}

/** Places of a finding that its sentence does not name. */
function otherPlaces(trace: Trace, finding: Finding): string {
  const sentence = plain(finding.words);
  const places = finding.sites
    .map((site) => trace.sites[site])
    .filter((site) => site !== undefined)
    .map((site) => displayPlace(site))
    .filter((place, i, all) => all.indexOf(place) === i && !sentence.includes(place))
    .slice(0, MAX_FINDING_PLACES);
  return places.length === 0 ? '' : ` [${places.join(', ')}]`;
}
