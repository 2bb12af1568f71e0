/** Findings and explained waits as causes, each with the records that prove it. */
import type { Finding } from '../findings/finding.ts';
import { lostRecords } from '../findings/lost-records.ts';
import type { EventId } from '../model/event-id.ts';
import { wakerOf } from '../model/peers.ts';
import { State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { describeJobChain } from '../words/job-chain.ts';
import { describeJobLine } from '../words/job-line.ts';
import { explainWait } from '../words/explain.ts';
import type { Sentence, SentencePart } from '../words/sentence.ts';
import type { Cause } from './answer.ts';
import type { AnswerSource, QuerySource } from './query-source.ts';

/** More proof than anybody opens. */
const MAX_EVENTS = 8;
/** Of a row whose frame waits already, before it waits itself. */
const MAX_SPANS_BEFORE_WAIT = 1000;
/** What is said of a wait beyond its first sentence. */
const MAX_SENTENCES = 4;

/** What is missing is no cause: it is told with what was not seen. */
export const isCause = ({ rule }: Finding): boolean => rule !== lostRecords.name;

/** What the finding tells of goes on at `t`; what explains the end lasts up to it. */
export const isAt = ({ t: untilNs, sinceNs = untilNs, explainsEnd }: Finding, t: number): boolean =>
  sinceNs <= t && (t <= untilNs || explainsEnd === true);

export function causeOf(source: AnswerSource, finding: Finding): Cause {
  const { rule, severity, words, sites, tasks, gainNs } = finding;
  const rows = [...new Set(tasks.map((task) => source.trace.rowOf(task)))];
  return {
    rule,
    severity,
    words,
    sites,
    tasks: rows,
    gainNs: gainNs ?? null,
    events: proofOf(source, finding),
  };
}

/**
 * The events that a rule gave, or else the facts and the changes of its tasks at the time of the
 * finding. A finding without tasks is proven by what its process did last before it.
 */
function proofOf({ trace, events }: AnswerSource, finding: Finding): EventId[] {
  const { t, sinceNs = t, tasks, sites } = finding;
  if (finding.events !== undefined && finding.events.length > 0) return finding.events.slice(0, MAX_EVENTS);
  const found: EventId[] = trace.facts
    .filter((fact) => fact.t === t && (fact.task < 0 || tasks.includes(trace.rowOf(fact.task))))
    .map(({ event }) => event);
  for (const task of tasks.slice(0, MAX_EVENTS)) {
    const row = trace.rowOf(task);
    const event = events?.eventOf(row, sinceNs) ?? events?.eventOf(row, t);
    if (event !== null && event !== undefined) found.push(event);
  }
  if (found.length > 0 || events === undefined) return found.slice(0, MAX_EVENTS);
  const last = events.lastBefore(trace.sites[sites[0] ?? -1]?.process ?? 0, t);
  return last === null ? [] : [last];
}

/** Why a wait took as long as it did. */
export function explainedWait(source: QuerySource, wait: Wait): Cause {
  const { trace, spans, events } = source;
  const { row, site, endNs, awaitStack = [] } = wait;
  const waker = wakerOf(trace, wait);
  const words = explainWait(trace, spans, wait).slice(0, MAX_SENTENCES);
  const wakerRow = waker < 0 ? -1 : trace.rowOf(waker);
  const proof = [
    events?.eventOf(row, waitingSince(source, wait)),
    endNs === null ? null : events?.eventOf(row, endNs),
    endNs === null ? null : events?.eventOf(wakerRow, endNs),
  ];
  return {
    rule: 'wait',
    severity: 'info',
    words: joinSentences(words),
    sites: [site, ...awaitStack].filter((index) => index >= 0),
    tasks: wakerRow < 0 || wakerRow === row ? [row] : [row, wakerRow],
    gainNs: null,
    events: proof.filter((event) => event !== null && event !== undefined),
  };
}

/** Why the job of an attempt stood in line, and for how long; null: it is none, or did not. */
export function jobLineCause(
  trace: Trace,
  row: number,
): { readonly cause: Cause; readonly ns: number } | null {
  const line = describeJobLine(trace, row);
  if (line === null) return null;
  const { words, ns, sites, tasks } = line;
  const cause: Cause = {
    rule: 'job-line',
    severity: 'info',
    words,
    sites,
    tasks: [row, ...tasks.slice(0, MAX_EVENTS)],
    gainNs: null,
    events: [],
  };
  return { cause, ns };
}

/** Who added an attempt's job, its other attempts, and who got the result; null: it is none. */
export function jobChainCause(trace: Trace, row: number): Cause | null {
  const [first, ...words] = describeJobChain(trace, row, true);
  if (first === undefined) return null;
  const opening = typeof first === 'string' ? first.trimStart() : first;
  const tasks = words.flatMap((part) => (typeof part !== 'string' && 'task' in part ? [part.task] : []));
  return {
    rule: 'job-chain',
    severity: 'info',
    words: [opening, ...words],
    sites: [],
    tasks: [row, ...tasks],
    gainNs: null,
    events: [],
  };
}

/**
 * A function's wait begins before its caller comes to await it: only then does the caller's row
 * wait.
 */
function waitingSince({ spans, trace }: QuerySource, { row, startNs, endNs }: Wait): number {
  const around = spans.spans(row, startNs, endNs ?? trace.endNs, MAX_SPANS_BEFORE_WAIT) ?? [];
  return around.find((span) => span.state === State.wait && span.startNs >= startNs)?.startNs ?? startNs;
}

export function joinSentences(sentences: readonly Sentence[]): Sentence {
  return sentences.flatMap((sentence, i): SentencePart[] => (i === 0 ? [...sentence] : [' ', ...sentence]));
}
