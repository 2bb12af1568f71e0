/**
 * One span of a row in words: the answer strip's first line for a selection. Also a task's whole
 * life, and how it failed.
 */
import { ACTIVATION_KINDS, OUTCOME, PAUSE } from '../format/kinds.ts';
import { awaitStackOf } from '../model/await-stack.ts';
import { isCutOff, lossAfter } from '../model/known-until.ts';
import { settledTarget } from '../model/settled-reason.ts';
import type { Span, SpanSource } from '../model/spans.ts';
import { resourceOfTarget, State } from '../model/state.ts';
import { isOver, terminatedWith, timesSoFar } from '../model/times-so-far.ts';
import type { Trace } from '../model/trace.ts';
import { duration } from './duration.ts';
import { describeCountedFrom } from './kept.ts';
import { describeJobChain } from './job-chain.ts';
import { describeJobLine } from './job-line.ts';
import { describeUnknown } from './loss.ts';
import { explainWait } from './explain.ts';
import { resourcePart, sitePart, taskPart } from './parts.ts';
import { outcomeWord } from './outcome.ts';
import type { SentencePart, Sentence } from './sentence.ts';

/**
 * @param next the span that follows on the row: its `ref` says who ended a wait. Null: the span
 * goes on.
 * @returns sentences, the first of which can be read without the others.
 */
export function describeSpan(
  trace: Trace,
  source: SpanSource,
  row: number,
  span: Span,
  next: Span | null,
): Sentence[] {
  const task = taskPart(trace, row);
  switch (span.state) {
    case State.wait:
      return explainWaitSpan(trace, source, row, span, next);
    case State.run:
      return [describeRun(trace, source, row, span, next)];
    case State.ready:
      return [describeReady(trace, row, span, next)];
    case State.paused:
      return [[task, ` ${describePause(span.reason)} (${duration(span.endNs - span.startNs)}).`]];
    case State.ended:
      return [describeTask(trace, row)];
    default:
      return [[task, ' had not begun.']];
  }
}

function explainWaitSpan(
  trace: Trace,
  source: SpanSource,
  row: number,
  span: Span,
  next: Span | null,
): Sentence[] {
  const wake = next && (next.state === State.run || next.state === State.ready) ? next : null;
  const waker = wake ? wake.ref : -1;
  return explainWait(trace, source, {
    row,
    startNs: span.startNs,
    endNs: next ? span.endNs : null,
    reason: span.reason,
    target: wake ? settledTarget(trace, span.target, waker, wake.target) : span.target,
    site: span.ref,
    waker,
    cause: wake ? wake.target : 0,
    // After a wait its callers have moved on.
    awaitStack: next ? [] : awaitStackOf(trace, trace.tasks.leaf[row]!),
  });
}

function describeRun(trace: Trace, source: SpanSource, row: number, span: Span, next: Span | null): Sentence {
  const unknown = next === null ? describeUnknown(trace, row) : null;
  if (unknown !== null)
    return [taskPart(trace, row), ` ran for ${duration(span.endNs - span.startNs)} at least; ${unknown}.`];
  const wasOpenAtEnd = !next && isOver(trace, row);
  const verb = next ? 'ran' : wasOpenAtEnd ? 'had been running for' : 'has been running for';
  const words: SentencePart[] = [taskPart(trace, row), ` ${verb} ${duration(span.endNs - span.startNs)}`];
  if (wasOpenAtEnd) words.push(' at the end,');
  if (next?.state === State.wait && next.ref >= 0)
    words.push(', until it waited at ', sitePart(trace, next.ref));
  if (next?.state === State.ended) words.push(', until its end');
  if (!next) {
    words.push(` and ${wasOpenAtEnd ? 'had' : 'has'} not given the thread away since`);
    const site = siteOfWaitBefore(source, row, span);
    if (site >= 0) words.push(' its wait at ', sitePart(trace, site));
  }
  if (span.ref >= 0) {
    const isFirst = trace.tasks.beganNs[row] === span.startNs;
    words.push(`; it was ${isFirst ? 'started' : 'woken'} by `, taskPart(trace, span.ref));
  }
  return [...words, '.'];
}

function describeReady(trace: Trace, row: number, span: Span, next: Span | null): Sentence {
  const readyFor = duration(span.endNs - span.startNs);
  const words: SentencePart[] = [taskPart(trace, row)];
  const unknown = next === null ? describeUnknown(trace, row) : null;
  if (unknown !== null) words.push(` could have run for ${readyFor}; ${unknown}`);
  else if (next) words.push(` could have run for ${readyFor} before it had the thread`);
  else if (isOver(trace, row))
    words.push(` could have run for the last ${readyFor}, and did not get the thread any more`);
  else words.push(` could have been running for ${readyFor}: another has the thread`);
  // A task that its own frame woke: to name it as its own waker would puzzle.
  if (span.ref >= 0 && trace.rowOf(span.ref) === trace.rowOf(row)) words.push('; its own work woke it');
  else if (span.ref >= 0) words.push('; it was woken by ', taskPart(trace, span.ref));
  else if (span.target < 0)
    words.push('; it was woken by ', resourcePart(trace, resourceOfTarget(span.target)));
  return [...words, '.'];
}

/**
 * Why a thread stood still that was stopped from outside.
 * @param pause index in PAUSES.
 */
export function describePause(pause: number): string {
  switch (pause) {
    case PAUSE.instrument:
      return "stood still while Simul read the program: Simul's time, not the program's";
    case PAUSE.loading:
      return 'stood still until Node had loaded the program';
    case PAUSE.breakpoint:
      return 'stood still at a breakpoint';
    case PAUSE.asleep:
      return 'stood still with the machine, which slept';
    case PAUSE.stopped:
      return 'stood still: stopped from outside, as by SIGSTOP, Ctrl-Z or a debugger';
    default:
      return 'was stopped from outside';
  }
}

/**
 * The site of the wait from which a run came back. A ready span may lie in between. −1: the run is
 * the row's first.
 */
function siteOfWaitBefore(source: SpanSource, row: number, run: Span): number {
  let fromNs = run.startNs;
  for (let steps = 0; steps < 2; steps++) {
    const before = source.spans(row, fromNs - 1, fromNs, 16)?.findLast(({ startNs }) => startNs < fromNs);
    if (!before) return -1;
    if (before.state === State.wait) return before.ref;
    fromNs = before.startNs;
  }
  return -1;
}

/** "risky (float.mjs:7), begun by main, failed after 5.1 ms with TypeError: no such column." */
export function describeFailure(trace: Trace, row: number): Sentence {
  const parent = trace.tasks.parent[row]!;
  const site = trace.tasks.site[row]!;
  const error = trace.text(trace.tasks.error[row]!);
  const words: SentencePart[] = [taskPart(trace, row)];
  if (site >= 0) words.push(' (', sitePart(trace, site), ')');
  if (parent >= 0) words.push(', begun by ', taskPart(trace, trace.rowOf(parent)), ',');
  words.push(` failed after ${duration(timesSoFar(trace, row).livedNs)}`);
  return [...words, error === '' ? '.' : ` with ${error}.`];
}

/**
 * A task's whole life in one sentence. Of a pool's call or chunk a second one tells its way there
 * and back.
 */
export function describeTask(trace: Trace, row: number): Sentence {
  const { livedNs, runNs, readyNs, waitNs } = timesSoFar(trace, row);
  const { process, beganNs } = trace.tasks;
  const since = describeCountedFrom(trace, process[row]!, beganNs[row]!);
  const words: SentencePart[] = [
    taskPart(trace, row),
    ...describeLifetime(trace, row, livedNs),
    `: ${since}it ran ${duration(runNs)} and waited ${duration(waitNs)}`,
  ];
  if (readyNs > livedNs / 100) words.push(`, and was ready without the thread for ${duration(readyNs)}`);
  const unknown = describeUnknown(trace, row);
  if (unknown !== null) words.push(`; ${unknown}`);
  return [...words, '.', ...describeSubmission(trace, row)];
}

/** " failed with Error: no after 1.2 s", " has lived 3 ms so far". */
function describeLifetime(trace: Trace, row: number, livedNs: number): Sentence {
  const { tasks } = trace;
  const lived = duration(livedNs);
  if (Number.isNaN(tasks.endedNs[row]!)) {
    if (lossAfter(trace, row) !== null || isCutOff(trace, row)) return [` lived ${lived} at least`];
    const terminated = terminatedWith(trace, row);
    if (terminated) return [` lived ${lived}, until its ${terminated} was terminated`];
    return [
      isOver(trace, row) ? ` lived ${lived} and had not ended at the end` : ` has lived ${lived} so far`,
    ];
  }
  switch (tasks.outcome[row]) {
    case OUTCOME.error: {
      const error = trace.text(tasks.error[row]!);
      return [` failed${error && ` with ${error}`} after ${lived}`];
    }
    case OUTCOME.cancelled: {
      const canceller = tasks.canceller[row]!;
      const by: SentencePart[] = canceller >= 0 ? [' by ', taskPart(trace, canceller)] : [];
      const kind = ACTIVATION_KINDS[tasks.kind[row]!] ?? '';
      return [` was ${outcomeWord(kind, 'cancelled')} after ${lived}`, ...by];
    }
    default:
      return [` ended after ${lived}`];
  }
}

/**
 * " It was submitted by main and was queued for 5.1 ms; its result took 40 µs to arrive." Empty for
 * a task that is no call or chunk of a pool. Of an attempt at a job: why it stood in line.
 */
function describeSubmission(trace: Trace, row: number): Sentence {
  const { links, tasks } = trace;
  const chunk = links.chunks.get(row);
  const submission = links.submissionOf(row);
  const line = describeJobLine(trace, row);
  const chain = describeJobChain(trace, row, line !== null);
  if (line !== null) return [' ', ...line.words, ...chain];
  if (chain.length > 0) return chain;
  if (chunk === undefined || submission === null || Number.isNaN(submission.sentNs)) return [];
  const queuedNs = Math.max(0, tasks.beganNs[row]! - submission.sentNs);
  const words: SentencePart[] = [chunk.isRetry ? ' It was submitted again' : ' It was submitted'];
  if (submission.sender >= 0) words.push(' by ', taskPart(trace, trace.rowOf(submission.sender)));
  words.push(` and was queued for ${duration(queuedNs)}`);
  const answer = links.answerOf(row);
  if (answer !== null && !Number.isNaN(answer.receivedNs)) {
    const answerNs = Math.max(0, answer.receivedNs - answer.sentNs);
    words.push(`; its result took ${duration(answerNs)} to arrive`);
  }
  return [...words, '.'];
}
