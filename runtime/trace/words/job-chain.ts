/**
 * The chain of a job through its queue: who added it, the attempts before and after this one, and
 * who got its result. Each is a link.
 */
import { ACTIVATION_KIND, OUTCOME } from '../format/kinds.ts';
import type { Trace } from '../model/trace.ts';
import { uncertainDuration, uncertaintyBetween } from './across-machines.ts';
import { resourcePart, sitePart, taskPart } from './parts.ts';
import type { Sentence, SentencePart } from './sentence.ts';

/** @param hasLine who reads has been told where its job was added. @returns []: it is no attempt */
export function describeJobChain(trace: Trace, row: number, hasLine: boolean): Sentence {
  const { jobs, links, tasks } = trace;
  if (tasks.kind[row] !== ACTIVATION_KIND.job) return [];
  const words: SentencePart[] = [];
  const line = jobs.lineOf(row);
  if (line !== null && line.by >= 0) {
    const asker = taskPart(trace, trace.rowOf(line.by));
    const site = trace.resources[line.job]?.site ?? -1;
    if (tasks.kind[line.by] === ACTIVATION_KIND.job && jobs.nextOf(line.by) === row)
      words.push(' It was asked for by ', asker, ', which had failed.');
    else {
      words.push(' Its job was added by ', asker);
      if (!hasLine && site >= 0) words.push(' at ', sitePart(trace, site));
      if (!hasLine) words.push(' to ', resourcePart(trace, line.queue));
      words.push('.');
    }
  }
  const next = jobs.nextOf(row);
  if (next >= 0) words.push(' It was followed by ', taskPart(trace, trace.rowOf(next)), '.');
  else if (jobs.asksAgain(row) && tasks.outcome[row] === OUTCOME.error)
    words.push(' It asked for another attempt, whose beginning is not recorded.');
  const answer = links.answerOf(row);
  if (answer !== null && answer.receiver >= 0 && tasks.kind[answer.receiver] !== ACTIVATION_KIND.job) {
    const offNs = uncertaintyBetween(trace, row, answer.receiver);
    const ns = Math.max(0, answer.receivedNs - answer.sentNs);
    words.push(' Its result came to ', taskPart(trace, trace.rowOf(answer.receiver)));
    words.push(offNs === Infinity ? '.' : ` ${uncertainDuration(ns, offNs)} after its end.`);
  }
  return words;
}
