/** One row as JSON: its state and times up to now, its waits, and what a pool's call works on. */
import { ACTIVATION_KIND, ACTIVATION_KINDS, OUTCOMES, PROCESS_END } from '../../trace/format/kinds.ts';
import { State } from '../../trace/model/state.ts';
import { openWaitOf } from '../../trace/model/open-waits.ts';
import { isCutOff, lossAfter, nowOf } from '../../trace/model/known-until.ts';
import { terminatedWith, timesSoFar } from '../../trace/model/times-so-far.ts';
import type { Trace } from '../../trace/model/trace.ts';
import { makeWaitJson } from './make-wait-json.ts';
import { resourceId, rowId, siteJson } from './references.ts';
import type { JobJson, TaskJson } from './trace-json.ts';
import type { RowWaits } from './wait-list.ts';

/** By state number: a task that is not born yet counts as ready, a paused one as running. */
const STATES: readonly TaskJson['state'][] = ['ready', 'run', 'ready', 'wait', 'ended', 'run'];

/** @param alive indexes of the processes that still run */
export function makeTaskJson(
  trace: Trace,
  row: number,
  rowWaits: RowWaits | undefined,
  alive: ReadonlySet<number>,
): TaskJson {
  const { tasks } = trace;
  const state = tasks.rowState[row]!;
  const hasEnded = state === State.ended;
  const isTerminated = terminatedWith(trace, row) !== null;
  const { runNs, readyNs, waitNs } = timesSoFar(trace, row);
  const waits = (rowWaits?.kept ?? []).map((wait) => makeWaitJson(trace, wait));
  let longest = rowWaits ? makeWaitJson(trace, rowWaits.longest) : null;
  const openWait = openWaitOf(trace, row);
  if (openWait) {
    const open = makeWaitJson(trace, openWait);
    waits.push(open);
    if (!longest || open.ns > longest.ns) longest = open;
  }
  return {
    id: trace.idOf(row),
    parent: rowId(trace, tasks.parent[row]!),
    kind: ACTIVATION_KINDS[tasks.kind[row]!] ?? '',
    name: trace.nameOf(row),
    label: trace.labelOf(row),
    site: siteJson(trace, tasks.site[row]!),
    state: STATES[state] ?? 'ready',
    outcome: outcomeOf(trace, row, alive),
    error: trace.text(tasks.error[row]!) || null,
    startNs: tasks.beganNs[row]!,
    unknownSinceNs: unknownSinceNs(trace, row),
    endNs: hasEnded ? tasks.endedNs[row]! : isTerminated ? nowOf(trace, row) : null,
    runNs,
    readyNs,
    waitNs,
    waits,
    waitCount: (rowWaits?.count ?? 0) + (openWait ? 1 : 0),
    longestWait: longest,
    job: makeJobJson(trace, row),
  };
}

/** null: the task had not ended when the recording did, or its outcome was not recorded. */
function outcomeOf(trace: Trace, row: number, alive: ReadonlySet<number>): TaskJson['outcome'] {
  const { tasks } = trace;
  if (tasks.rowState[row] === State.ended) return (OUTCOMES[tasks.outcome[row]!] ?? '') || null;
  if (lossAfter(trace, row) !== null) return 'lost';
  if (terminatedWith(trace, row) !== null) return 'terminated';
  const process = trace.processes[tasks.process[row]!]!;
  // Who saw the signal wrote the end; what the process did last it could not write.
  if (process.endKind === PROCESS_END.signal) return 'lost';
  return process.endKind === 0 && !alive.has(process.index) ? 'lost' : null;
}

function unknownSinceNs(trace: Trace, row: number): number | null {
  const loss = lossAfter(trace, row);
  if (loss !== null) return Math.max(loss.sinceNs, trace.tasks.rowSinceNs[row]!);
  return isCutOff(trace, row) ? nowOf(trace, row) : null;
}

function makeJobJson(trace: Trace, row: number): JobJson | null {
  const chunk = trace.links.chunks.get(row);
  const submission = trace.links.submissionOf(row);
  // An attempt at a job of a queue is no chunk, and somebody may be known who added it.
  if (chunk === undefined && (submission === null || trace.tasks.kind[row] !== ACTIVATION_KIND.job))
    return null;
  const result = trace.links.answerOf(row);
  return {
    pool: resourceId(trace, chunk?.pool ?? submission?.resource ?? -1),
    first: chunk?.first ?? 0,
    items: chunk?.items ?? 0,
    submitter: submission === null ? null : rowId(trace, submission.sender),
    askedNs: submission === null || Number.isNaN(submission.sentNs) ? null : submission.sentNs,
    heardNs: result === null || Number.isNaN(result.receivedNs) ? null : result.receivedNs,
  };
}
