/** A queue of jobs in words: how many were in which state at a time, and what it did in all. */
import { ACTIVATION_KIND, OUTCOME } from '../format/kinds.ts';
import type { Trace } from '../model/trace.ts';
import { count, duration } from './duration.ts';
import { resourcePart, taskPart } from './parts.ts';
import type { Sentence, SentencePart } from './sentence.ts';

export interface JobCounts {
  readonly waiting: number;
  readonly active: number;
  /** Held back: by a delay, or until a retry. */
  readonly delayed: number;
  /** For good, so far. */
  readonly failed: number;
}

/** "3 waiting, 1 active, 2 held back, 1 failed" */
export const countsInWords = ({ waiting, active, delayed, failed }: JobCounts): string =>
  `${waiting} waiting, ${active} active, ${delayed} held back, ${failed} failed`;

/** @param counts of a time; null: only the totals are asked for. @param by who changed them then */
export function describeJobQueue(
  trace: Trace,
  queue: number,
  at: { readonly t: number; readonly counts: JobCounts; readonly by: number } | null,
): Sentence[] {
  const name = resourcePart(trace, queue);
  const totals = describeTotals(trace, queue);
  if (at === null) return [[name, ...totals]];
  const words: SentencePart[] = [`At ${duration(at.t)} `, name, ` had ${countsInWords(at.counts)}`];
  if (at.by >= 0) {
    const isAttempt = trace.tasks.kind[at.by] === ACTIVATION_KIND.job;
    words.push(isAttempt ? '; the job of ' : '; ', taskPart(trace, trace.rowOf(at.by)));
    words.push(isAttempt ? ' had moved last' : ' had added last');
  }
  return [
    [...words, '.'],
    ['It', ...totals],
  ];
}

function describeTotals(trace: Trace, queue: number): Sentence {
  const { jobs, tasks } = trace;
  const requests = jobs.requestsOf(queue);
  const attempts = jobs.attemptsOf(queue);
  let added = 0;
  for (const { asker, askedNs } of requests)
    if (!Number.isNaN(askedNs) && (asker < 0 || tasks.kind[asker] !== ACTIVATION_KIND.job)) added++;
  const failed = attempts.filter((task) => tasks.outcome[task] === OUTCOME.error);
  const retried = failed.filter((task) => jobs.asksAgain(task));
  const words: SentencePart[] = [
    ` was given ${count(added, 'job')}, and ${count(attempts.length, 'attempt')} began`,
  ];
  if (failed.length > 0)
    words.push(`; ${failed.length} failed, ${retried.length} of which were to be retried`);
  return [...words, '.'];
}
