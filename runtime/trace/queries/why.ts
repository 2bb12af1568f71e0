/**
 * `why`: the answer to "what is the cause?", of the whole trace, a line, a task or a moment. Its
 * first sentence is the verdict: of the gravest finding, or, where nothing was found, what the
 * calls of a server's busiest handler took, or the largest part of the critical path.
 */
import type { Finding } from '../findings/finding.ts';
import { connectionPoolFull } from '../findings/connection-pool-full.ts';
import { lockConvoy } from '../findings/lock-convoy.ts';
import { oneByOne } from '../findings/one-by-one.ts';
import { criticalPath } from '../graph/critical-path.ts';
import { lifeOf, type RowInterval, wholeRun } from '../graph/end-of-run.ts';
import { isServer } from '../graph/handlers.ts';
import type { Piece } from '../graph/piece.ts';
import { openNs, openWaitOf } from '../model/open-waits.ts';
import { State } from '../model/state.ts';
import { timesSoFar } from '../model/times-so-far.ts';
import type { Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { count, duration } from '../words/duration.ts';
import { splitFirstSentence } from '../words/first-sentence.ts';
import type { Sentence } from '../words/sentence.ts';
import { describeTask } from '../words/span.ts';
import { type About, isRefusal, type Refusal, rowsNamed, sitesAt } from './about.ts';
import type { Answer, Cause, HandlerTimes } from './answer.ts';
import { causeOf, explainedWait, isAt, isCause, jobChainCause, jobLineCause } from './causes.ts';
import { cpuTimes } from './cpu-times.ts';
import { handlerTimes } from './handler-times.ts';
import { longestWaitOf } from './longest-wait.ts';
import { momentVerdict } from './moment.ts';
import type { AnswerSource, QuerySource } from './query-source.ts';
import { unseenOf } from './unseen.ts';
import { whereTheTimeWent } from './where.ts';

export function why(source: QuerySource, about: About): Answer | Refusal {
  switch (about.kind) {
    case 'all':
      return whyAll(source);
    case 'task':
      return whyTask(source, about.name);
    case 'line':
      return whyLine(source, about.file, about.line);
    case 'time':
      return whyTime(source, about.t);
  }
}

/** The critical path of what a question is about; empty: nothing of it was recorded. */
export function path(source: QuerySource, about: About): Piece[] | Refusal {
  if (about.kind === 'task') {
    const rows = rowsNamed(source.trace, about.name);
    return isRefusal(rows) ? rows : pathOf(source, lifeOf(source.trace, longestLived(source.trace, rows)));
  }
  if (about.kind === 'line') {
    const sites = sitesAt(source.trace, about.file, about.line);
    if (isRefusal(sites)) return sites;
    const wait = worstWaitAt(source, sites);
    return wait === null ? [] : pathOf(source, intervalOf(source.trace, wait));
  }
  const run = wholeRun(source.trace);
  const pieces = run === null ? [] : pathOf(source, run);
  return about.kind === 'all'
    ? pieces
    : pieces.filter(({ fromNs, toNs }) => fromNs <= about.t && about.t < toNs);
}

const pathOf = (source: QuerySource, { row, ...interval }: RowInterval): Piece[] =>
  criticalPath(source, row, interval);

/**
 * Of the whole trace.
 * @param maxPieces of the critical path, where there is little time to answer
 */
export function whyAll(source: AnswerSource, maxPieces?: number): Answer {
  const { trace, findings } = source;
  const run = wholeRun(trace);
  const pieces = run === null ? [] : criticalPath(source, run.row, run, maxPieces);
  const spent = whereTheTimeWent(trace, pieces, 'the run');
  const causes = findings.filter(isCause).map((finding) => causeOf(source, finding));
  const handlers = handlerTimes(source, maxPieces);
  const verdict =
    verdictOf(findings) ??
    gainVerdict(findings, spent.wholeNs, LINES) ??
    serverVerdict(source, handlers, maxPieces) ??
    gainVerdict(findings, spent.wholeNs, SERIES) ??
    spent.verdict;
  const answer = answerOf(source, { verdict: verdict.length > 0 ? verdict : [NOTHING], causes, spent });
  return { ...answer, handlers, cpu: cpuTimes(trace) };
}

/**
 * A server waits for whoever asks: its run has no longest part that tells anything. Null: it is
 * none, or nobody asked.
 */
function serverVerdict(
  source: AnswerSource,
  handlers: readonly HandlerTimes[],
  maxPieces: number | undefined,
): Sentence | null {
  if (!isServer(source.trace)) return null;
  return firstOfHandler(handlers[0] ?? handlerTimes(source, maxPieces, 0)[0]);
}

/** Calls that stood in line for a pool or a limiter. */
const LINES: ReadonlySet<string> = new Set([lockConvoy.name, connectionPoolFull.name]);
/** Calls one after another. */
const SERIES: ReadonlySet<string> = new Set([oneByOne.name]);
const MIN_GAIN_SHARE = 0.5;

/**
 * What is information alone, for it may be meant, where most of the run might be saved: that says
 * more than the largest wait in it, or what a handler took. Null: there is nothing of the kind.
 */
function gainVerdict(
  findings: readonly Finding[],
  wholeNs: number,
  rules: ReadonlySet<string>,
): Sentence | null {
  const first = findings.find(
    ({ rule, gainNs = 0 }) => rules.has(rule) && gainNs >= wholeNs * MIN_GAIN_SHARE,
  );
  return first === undefined ? null : splitFirstSentence(first.words).first;
}

const NOTHING = 'No task of the program was recorded.';

function whyTask(source: QuerySource, name: string): Answer | Refusal {
  const { trace } = source;
  const rows = rowsNamed(trace, name);
  if (isRefusal(rows)) return rows;
  const row = longestLived(trace, rows);
  const wait = openWaitOf(trace, row) ?? longestWaitOf(source, row);
  const about = source.findings.filter(({ tasks }) => tasks.some((task) => trace.rowOf(task) === row));
  const spent = whereTheTimeWent(trace, pathOf(source, lifeOf(trace, row)), 'its life');
  const waited = wait === null ? null : explainedWait(source, wait);
  const line = jobLineCause(trace, row);
  const waitNs = wait === null ? 0 : (wait.endNs ?? trace.endNs) - wait.startNs;
  const isLineFirst = line !== null && line.ns > waitNs;
  const ordered = isLineFirst ? [line.cause, waited] : [waited, line?.cause];
  const explained = [...ordered, jobChainCause(trace, row)].filter(
    (cause) => cause !== null && cause !== undefined,
  );
  return answerOf(source, {
    verdict: verdictOf(about) ?? (explained[0] ? firstOf(explained[0]) : describeTask(trace, row)),
    causes: [...about.filter(isCause).map((finding) => causeOf(source, finding)), ...explained],
    spent,
    more: rows.length > 1 ? [`${rows.length - 1} other tasks have this name; this one lived longest.`] : [],
  });
}

function whyLine(source: QuerySource, file: string, line: number): Answer | Refusal {
  const { trace } = source;
  const sites = sitesAt(trace, file, line);
  if (isRefusal(sites)) return sites;
  const about = source.findings.filter((finding) => finding.sites.some((site) => sites.includes(site)));
  const wait = worstWaitAt(source, sites);
  const task = longestLived(trace, rowsBegunAt(trace, sites));
  const interval = wait !== null ? intervalOf(trace, wait) : task >= 0 ? lifeOf(trace, task) : null;
  const whole = wait === null ? 'its life' : 'the longest wait there';
  const spent = whereTheTimeWent(trace, interval === null ? [] : pathOf(source, interval), whole);
  const explained = wait === null ? [] : [withSums(explainedWait(source, wait), source, sites)];
  const fallback: Sentence = task >= 0 ? describeTask(trace, task) : ['Nobody waited at this line.'];
  return answerOf(source, {
    verdict: verdictOf(about) ?? (explained[0] ? firstOf(explained[0]) : fallback),
    causes: [...about.filter(isCause).map((finding) => causeOf(source, finding)), ...explained],
    spent,
  });
}

/** "It waited here 10 times, 906 ms in all." */
function withSums(cause: Cause, { lineWaits }: QuerySource, sites: readonly number[]): Cause {
  const waits = sites.map((site) => lineWaits.at(site)).filter((of) => of !== undefined);
  const times = waits.reduce((sum, of) => sum + of.count, 0);
  if (times < 2) return cause;
  const totalNs = waits.reduce((sum, of) => sum + of.totalNs, 0);
  const sums = ` In all ${count(times, 'wait')} passed through this line, ${duration(totalNs)} long.`;
  return { ...cause, words: [...cause.words, sums] };
}

function whyTime(source: QuerySource, t: number): Answer | Refusal {
  const { trace } = source;
  if (t > trace.endNs) return { refusal: `the recording ends at ${duration(trace.endNs)}` };
  const run = wholeRun(trace);
  const pieces = run === null ? [] : pathOf(source, run);
  const here = pieces.find(({ fromNs, toNs }) => fromNs <= t && t < toNs) ?? pieces.at(-1);
  const wait = here?.kind === 'wait' ? waitAround(source, here) : null;
  const about = source.findings.filter((finding) => isAt(finding, t));
  return answerOf(source, {
    verdict: here === undefined ? [NOTHING] : momentVerdict(trace, here, t),
    causes: [
      ...(wait === null ? [] : [explainedWait(source, wait)]),
      ...about.filter(isCause).map((finding) => causeOf(source, finding)),
    ],
    spent: whereTheTimeWent(trace, pieces, 'the run'),
  });
}

interface AnswerParts {
  readonly verdict: Sentence;
  readonly causes: readonly Cause[];
  readonly spent: ReturnType<typeof whereTheTimeWent>;
  readonly more?: readonly string[];
}

const answerOf = (source: AnswerSource, { verdict, causes, spent, more = [] }: AnswerParts): Answer => ({
  verdict,
  causes,
  where: spent.rows,
  wholeNs: spent.wholeNs,
  unseen: [...more, ...unseenOf(source)],
});

/** It asks for a mend: what is information, or tells of the recording itself, is no verdict. */
export const isVerdict = (finding: Finding): boolean => isCause(finding) && finding.severity !== 'info';

/** The first sentence of the gravest finding; null: none asks for a mend. */
export function verdictOf(findings: readonly Finding[]): Sentence | null {
  const first = findings.find(isVerdict);
  return first === undefined ? null : splitFirstSentence(first.words).first;
}

const firstOfHandler = (handler: HandlerTimes | undefined): Sentence | null =>
  handler === undefined ? null : splitFirstSentence(handler.words).first;

const firstOf = ({ words }: Cause): Sentence => splitFirstSentence(words).first;

/** −1: there are none. */
function longestLived(trace: Trace, rows: readonly number[]): number {
  let longest = -1;
  let longestNs = -1;
  for (const row of rows) {
    const { livedNs } = timesSoFar(trace, row);
    if (livedNs > longestNs) [longest, longestNs] = [row, livedNs];
  }
  return longest;
}

function rowsBegunAt({ tasks }: Trace, sites: readonly number[]): number[] {
  const rows: number[] = [];
  for (let row = 0; row < tasks.count; row++)
    if (tasks.frameOf[row]! < 0 && sites.includes(tasks.site[row]!)) rows.push(row);
  return rows;
}

/** The longest wait at these sites, over or going on; null: nobody waited there. */
function worstWaitAt({ trace, lineWaits }: QuerySource, sites: readonly number[]): Wait | null {
  const waits: Wait[] = sites.flatMap((site) => lineWaits.at(site)?.longest ?? []);
  for (let row = 0; row < trace.tasks.count; row++) {
    const open = openWaitOf(trace, row);
    if (open !== null && [open.site, ...(open.awaitStack ?? [])].some((site) => sites.includes(site)))
      waits.push(open);
  }
  return waits.sort((a, b) => openNs(trace, b) - openNs(trace, a))[0] ?? null;
}

const intervalOf = (trace: Trace, wait: Wait): RowInterval => ({
  row: wait.row,
  fromNs: wait.startNs,
  toNs: wait.startNs + openNs(trace, wait),
});

/** The whole wait of which a piece of the path is a part; null: it is none of a row. */
function waitAround({ trace, spans }: QuerySource, { row, spanNs, toNs }: Piece): Wait | null {
  const open = openWaitOf(trace, row);
  if (open !== null && open.startNs === spanNs) return open;
  const around = spans.spans(row, spanNs, toNs, 1000) ?? [];
  const span = around.find(({ startNs, state }) => startNs === spanNs && state === State.wait);
  return span === undefined ? null : longestWaitOf({ trace, spans }, row, span.startNs);
}
