/**
 * A Python process whose own code is over, and which waits for threads that are no daemons, or for
 * the calls of an executor: each of them waits for something that only the program could give. The
 * agent tells when the main thread is over and which threads it waits for; what they wait for is in
 * the trace. Refuted by a thread that goes on later.
 */
import { ACTIVATION_KIND, FACT, REASON, numberSet } from '../format/kinds.ts';
import { openWaits } from '../model/open-waits.ts';
import type { Process, Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { sitePart, taskList } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import { describeTarget, inFunction } from '../words/wait.ts';
import type { Finding } from './finding.ts';
import type { QuietGaps } from './quiet-gaps.ts';
import { describeStandstill, standstillOf } from './standstill.ts';

const ENDED = FACT['main-ended'];
/** What does not come by itself. */
const WOULD_NOT_COME = numberSet(
  REASON,
  '',
  'queue-get',
  'queue-put',
  'lock',
  'semaphore',
  'event',
  'condition',
  'barrier',
  'future',
  'task',
  'join',
  'pool',
);

/** @param rule the name of the rule that says so */
export function keptByThreads(trace: Trace, gaps: QuietGaps, process: Process, rule: string): Finding | null {
  const ended = trace.facts.filter((fact) => fact.what === ENDED && fact.process === process.index);
  if (ended.length === 0) return null;
  const stand = standstillOf(trace, gaps, process);
  if (stand === null || stand.quietNs === 0) return null;
  const waits = openWaits(trace).filter((wait) => isKeeper(trace, process, wait));
  const rows = new Set(ended.map(({ task }) => task));
  const keepers = waits.filter(({ row }) => rows.has(row) || trace.tasks.kind[row] === ACTIVATION_KIND.chunk);
  const [first] = keepers;
  if (first === undefined) return null;
  const same = keepers.filter(({ site, target }) => site === first.site && target === first.target);
  const called = ended.find(({ site }) => site >= 0)?.site ?? -1;
  return {
    rule,
    severity: 'error',
    words: [
      'The process does not end: ',
      ...taskList(
        trace,
        same.map(({ row }) => row),
      ),
      ...describeMaking(trace, first.row),
      same.length > 1 ? ' wait' : ' waits',
      ...(first.site >= 0
        ? [' at ', sitePart(trace, first.site), inFunction(trace, first.row, first.site)]
        : []),
      ...describeTarget(trace, first),
      ', and the program’s own code is over',
      ...(called >= 0 ? [' (', sitePart(trace, called), ')'] : []),
      describeStandstill(stand),
      '. Tell it to end, or let it wait with a time limit.',
    ],
    sites: [first.site, trace.tasks.site[first.row]!].filter((site) => site >= 0),
    tasks: same.map(({ row }) => row),
    t: first.startNs,
    sinceNs: first.startNs,
    explainsEnd: true,
  };
}

function isKeeper({ tasks }: Trace, { index }: Process, { row, reason }: Wait): boolean {
  return tasks.process[row] === index && WOULD_NOT_COME.has(reason);
}

/** Of a call of an executor, where it was asked for. */
function describeMaking(trace: Trace, row: number): SentencePart[] {
  const site = trace.tasks.madeAt[row]!;
  return site < 0 ? [] : [' (begun at ', sitePart(trace, site), ')'];
}
