/**
 * Tasks that wait for an event of a stream, a child process or the like which has closed: it comes
 * no more, and nothing else was to settle what they wait for. The agent saw both: the parser that
 * only listeners for these events settle the promise, and Node's own state of the emitter. Refuted
 * by a wait that ended.
 */
import { FACT, PROCESS_END } from '../format/kinds.ts';
import { openNs, openWaits } from '../model/open-waits.ts';
import type { Fact, Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { duration } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import { describeCallers, inFunction } from '../words/wait.ts';
import type { Finding, Severity } from './finding.ts';
import { awaitedRows, isOutermost } from './good-ends.ts';
import { interruptOf } from './interrupt.ts';
import { openWaitsAt } from './open-waits-at.ts';

const MAX_FINDINGS = 20;
const ENDED = 2;
const BY_OTHER = 4;

/** @param explained rows that are left out */
export function closedEmitters(trace: Trace, explained: ReadonlySet<number>): Omit<Finding, 'rule'>[] {
  const facts = trace.facts.filter(({ what }) => what === FACT['emitter-closed']);
  if (facts.length === 0) return [];
  const open = openWaits(trace);
  const awaited = awaitedRows(trace, open);
  const told = new Set(explained);
  const findings: Omit<Finding, 'rule'>[] = [];
  for (const fact of facts) {
    const row = fact.task < 0 ? -1 : trace.rowOf(fact.task);
    const waits = row < 0 ? openWaitsAt(trace, fact.site) : open.filter((wait) => wait.row === row);
    const wait = waits.find((each) => !told.has(each.row));
    if (wait === undefined || findings.length === MAX_FINDINGS) continue;
    told.add(wait.row);
    findings.push(findingOf(trace, fact, wait, severityOf(trace, wait, awaited)));
  }
  return findings;
}

/** For what nobody waits may be meant to go with what it listens to. */
function severityOf(trace: Trace, { row }: Wait, awaited: ReadonlySet<number>): Severity {
  if (awaited.has(row) || isOutermost(trace, row)) return 'error';
  const process = trace.processes[trace.tasks.process[row]!]!;
  const hasGoneWell = (process.exitCode ?? 0) === 0 && interruptOf(trace, process) === null;
  return hasGoneWell ? 'info' : 'warning';
}

function findingOf(trace: Trace, fact: Fact, wait: Wait, severity: Severity): Omit<Finding, 'rule'> {
  const [emitter = '', ...events] = fact.text.split(' ');
  const { site, amount, t } = fact;
  const process = trace.processes[fact.process]!;
  const words: SentencePart[] = [];
  const fn = trace.sites[site]?.fn ?? '';
  const isElsewhere = !isSameLine(trace, site, wait.site);
  if (isElsewhere) {
    words.push('The promise', ...(fn === '' || fn.startsWith('<') ? [] : [` of \`${fn}\``]), ' made at ');
    words.push(sitePart(trace, site), ' waits');
  } else
    words.push(
      taskPart(trace, wait.row),
      ' waits at ',
      sitePart(trace, site),
      inFunction(trace, wait.row, site),
    );
  const article = /^[AEIO]/i.test(emitter) ? 'an' : 'a';
  words.push(` for ${listed(events)} of ${article} ${emitter}, which has ${pastOf(emitter, amount)}`);
  if ((amount & BY_OTHER) !== 0) words.push(' (its other side has ended)');
  if (isElsewhere) {
    words.push(': ', taskPart(trace, wait.row), ' waits for that at ', sitePart(trace, wait.site));
  }
  words.push(
    ...describeCallers(trace, wait),
    `, for ${duration(openNs(trace, wait))} so far. Nothing more comes: `,
  );
  words.push(`let '${endEventOf(emitter, amount)}' settle it, too.`);
  const isEnd = process.endKind === PROCESS_END.exit || interruptOf(trace, process) !== null;
  return {
    severity,
    words,
    sites: [site, wait.site].filter((known) => known >= 0),
    tasks: [wait.row],
    t,
    sinceNs: wait.startNs,
    explainsEnd: severity !== 'info' && isEnd,
    events: [fact.event],
  };
}

/** "'data' or 'error'" */
function listed(events: readonly string[]): string {
  const quoted = events.map((event) => `'${event}'`);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
}

function pastOf(emitter: string, amount: number): string {
  if ((amount & ENDED) !== 0) return 'ended';
  return RUNS.test(emitter) ? 'exited' : 'closed';
}

function endEventOf(emitter: string, amount: number): string {
  if ((amount & ENDED) !== 0) return 'end';
  return RUNS.test(emitter) ? 'exit' : 'close';
}

const RUNS = /^(?:ChildProcess|Worker)$/;

function isSameLine(trace: Trace, a: number, b: number): boolean {
  const [one, other] = [trace.sites[a], trace.sites[b]];
  return one?.file === other?.file && one?.line === other?.line;
}
