/** One span of a row in words: the answer strip's first line for a selection. */
import { OUTCOMES, PAUSES } from '../format/kinds.ts';
import { awaitStackOf } from '../model/await-stack.ts';
import { State } from '../model/state.ts';
import { settledTarget } from '../model/settled-reason.ts';
import type { Trace } from '../model/trace.ts';
import { duration } from './duration.ts';
import type { Span, SpanSource } from '../model/spans.ts';
import { explainWait } from './explain.ts';
import { resourcePart, sitePart, taskPart } from './names.ts';
import type { Part, Sentence } from './sentence.ts';
import { isOver, terminatedWith, timesSoFar } from '../model/times-so-far.ts';

/**
 * @param next the span that follows on the row: its `ref` says who ended a wait. Null: the span goes on.
 * @returns sentences, the first of which stands alone.
 */
export function describeSpan(
  trace: Trace,
  source: SpanSource,
  row: number,
  span: Span,
  next: Span | null,
): Sentence[] {
  const ns = span.endNs - span.startNs;
  const task = taskPart(trace, row);
  switch (span.state) {
    case State.wait: {
      const woken = next && (next.state === State.run || next.state === State.ready) ? next : null;
      const waker = woken ? woken.ref : -1;
      return explainWait(trace, source, {
        row,
        startNs: span.startNs,
        endNs: next ? span.endNs : null,
        reason: span.reason,
        target: woken ? settledTarget(trace, span.target, waker, woken.target) : span.target,
        site: span.ref,
        waker,
        // Of one that is over, the callers have moved on.
        awaitStack: next ? [] : awaitStackOf(trace, trace.tasks.leaf[row]!),
      });
    }
    case State.run: {
      const isCut = !next && isOver(trace, row);
      const verb = next ? 'ran' : isCut ? 'had been running for' : 'has been running for';
      const words: Part[] = [task, ` ${verb} ${duration(ns)}`];
      if (isCut) words.push(' at the end,');
      if (next && next.state === State.wait && next.ref >= 0)
        words.push(', until it waited at ', sitePart(trace, next.ref));
      if (next && next.state === State.ended) words.push(', until its end');
      if (!next) {
        words.push(` and ${isCut ? 'had' : 'has'} not given the thread away since`);
        const site = waitedBefore(source, row, span);
        if (site >= 0) words.push(' its wait at ', sitePart(trace, site));
      }
      if (span.ref >= 0 && trace.tasks.beganNs[row] !== span.startNs)
        words.push('; it was woken by ', taskPart(trace, span.ref));
      if (span.ref >= 0 && trace.tasks.beganNs[row] === span.startNs)
        words.push('; it was started by ', taskPart(trace, span.ref));
      return [[...words, '.']];
    }
    case State.ready: {
      const words: Part[] = [
        task,
        next
          ? ` could have run for ${duration(ns)} before it had the thread`
          : isOver(trace, row)
            ? ` could have run for the last ${duration(ns)}, and did not get the thread any more`
            : ` could have been running for ${duration(ns)}: another has the thread`,
      ];
      // Woken by what it had begun itself: to name it as its own waker would puzzle.
      if (span.ref >= 0 && trace.rowOf(span.ref) === trace.rowOf(row)) words.push('; its own work woke it');
      else if (span.ref >= 0) words.push('; it was woken by ', taskPart(trace, span.ref));
      else if (span.target < 0) words.push('; it was woken by ', resourcePart(trace, -span.target - 1));
      return [[...words, '.']];
    }
    case State.paused:
      return [[task, ` ${pauseWords(span.reason)} (${duration(ns)}).`]];
    case State.ended:
      return [describeTask(trace, row)];
    default:
      return [[task, ' had not begun.']];
  }
}

/** Why a thread stood still that was stopped from outside. */
export function pauseWords(why: number): string {
  const kind = PAUSES[why];
  if (kind === 'instrument')
    return "stood still while Simul read the program: Simul's time, not the program's";
  if (kind === 'breakpoint') return 'stood still at a breakpoint';
  if (kind === 'asleep') return 'stood still with the machine, which slept';
  return 'was stopped from outside';
}

/** The site of the wait from which this run came back, perhaps by way of being ready; −1: it is the row's first. */
function waitedBefore(source: SpanSource, row: number, run: Span): number {
  let fromNs = run.startNs;
  for (let back = 0; back < 2; back++) {
    const before = source.spans(row, fromNs - 1, fromNs, 16)?.findLast(({ startNs }) => startNs < fromNs);
    if (!before) return -1;
    if (before.state === State.wait) return before.ref;
    fromNs = before.startNs;
  }
  return -1;
}

/** "risky (float.mjs:7), begun by main, failed after 5.1 ms with TypeError: no such column." */
export function describeFailure(trace: Trace, row: number): Sentence {
  const { parent, site, error } = trace.tasks;
  const words: Part[] = [taskPart(trace, row)];
  if (site[row]! >= 0) words.push(' (', sitePart(trace, site[row]!), ')');
  if (parent[row]! >= 0) words.push(', begun by ', taskPart(trace, trace.rowOf(parent[row]!)), ',');
  words.push(` failed after ${duration(timesSoFar(trace, row).livedNs)}`);
  const what = trace.text(error[row]!);
  return [...words, what === '' ? '.' : ` with ${what}.`];
}

/** "It was asked for by main, stood in line for 5.1 ms, and main heard of its end 40 µs after it." Empty for what is no job of a pool's. */
function describeJob(trace: Trace, row: number): Sentence {
  const { links, tasks } = trace;
  const chunk = links.chunks.get(row);
  const there = links.submissionOf(row);
  if (chunk === undefined || there === null || Number.isNaN(there.sentNs)) return [];
  const back = links.answerOf(row);
  const words: Part[] = [chunk.isRetry ? 'It was asked for again' : 'It was asked for'];
  if (there.sender >= 0) words.push(' by ', taskPart(trace, trace.rowOf(there.sender)));
  words.push(` and stood in line for ${duration(Math.max(0, tasks.beganNs[row]! - there.sentNs))}`);
  if (back !== null && !Number.isNaN(back.receivedNs))
    words.push(`; its end was heard of after ${duration(Math.max(0, back.receivedNs - back.sentNs))}`);
  return [...words, '.'];
}

/** A task's whole life in one sentence; of a job of a pool's, in another one its way there and back. */
export function describeTask(trace: Trace, row: number): Sentence {
  const { tasks } = trace;
  const ended = tasks.endedNs[row]!;
  const { livedNs: lived, runNs, readyNs: ready, waitNs } = timesSoFar(trace, row);
  const words: Part[] = [taskPart(trace, row)];
  if (Number.isNaN(ended)) {
    const gone = terminatedWith(trace, row);
    words.push(
      gone
        ? ` lived ${duration(lived)}, until its ${gone} was terminated`
        : isOver(trace, row)
          ? ` lived ${duration(lived)} and had not ended at the end`
          : ` has lived ${duration(lived)} so far`,
    );
  } else {
    const outcome = OUTCOMES[tasks.outcome[row]!] ?? '';
    const error = trace.text(tasks.error[row]!);
    const how =
      outcome === 'error'
        ? `failed${error && ` with ${error}`}`
        : outcome === 'cancelled'
          ? 'was cancelled'
          : 'ended';
    words.push(` ${how} after ${duration(lived)}`);
    if (outcome === 'cancelled' && tasks.canceller[row]! >= 0)
      words.push(' by ', taskPart(trace, tasks.canceller[row]!));
  }
  words.push(`: it ran ${duration(runNs)} and waited ${duration(waitNs)}`);
  if (ready > lived / 100) words.push(`, and was ready without the thread for ${duration(ready)}`);
  words.push('.');
  const job = describeJob(trace, row);
  return job.length === 0 ? words : [...words, ' ', ...job];
}
