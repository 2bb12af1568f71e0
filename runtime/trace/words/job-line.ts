/**
 * Why a job stood in line before an attempt at it began: its queue was paused, as many had begun as
 * may, or its workers were at other jobs; and before that it was held back. Each with its line.
 */
import { ACTIVATION_KIND } from '../format/kinds.ts';
import type { JobHold, JobLine } from '../model/job-log.ts';
import type { Trace } from '../model/trace.ts';
import { uncertainDuration, uncertaintyBetween } from './across-machines.ts';
import { count, duration } from './duration.ts';
import { resourcePart, sitePart, taskPart } from './parts.ts';
import type { Sentence, SentencePart } from './sentence.ts';

/** Attempts that are looked at: those before are over. */
const MAX_ATTEMPTS = 10_000;
/** What took a smaller share of the line is not named. */
const MIN_SHARE = 1 / 10;
/** A shorter time in line tells nothing. */
const MIN_LINE_NS = 1_000_000;

/** The time that the job of an attempt stood in line, and why. */
export interface DescribedLine {
  readonly words: Sentence;
  readonly ns: number;
  readonly sites: readonly number[];
  /** The attempts that went on meanwhile, the longest first. */
  readonly tasks: readonly number[];
}

/** @returns null: the row is no attempt at a job, or nothing is known of the line. */
export function describeJobLine(trace: Trace, row: number): DescribedLine | null {
  const line = trace.jobs.lineOf(row);
  if (line === null) return null;
  const beganNs = trace.tasks.beganNs[row]!;
  const ns = Math.max(0, beganNs - line.enteredNs);
  const offNs = uncertaintyBetween(trace, line.by, row);
  if (offNs === Infinity) return null;
  // Who added it may know it as another resource than the attempt's process does.
  const job = line.job >= 0 ? line.job : trace.tasks.resource[row]!;
  const last = trace.jobs.delayBefore(job, line.enteredNs);
  const delay = last === null || line.enteredNs - last.sinceNs < MIN_LINE_NS ? null : last;
  const held = delay === null ? [] : describeDelay(trace, delay, line);
  if (ns < MIN_LINE_NS && held.length === 0) return null;
  // What went on meanwhile is known where it is known that there was a meanwhile.
  const isKnown = ns > offNs;
  const holds = isKnown ? holdsWithin(trace, line, beganNs) : [];
  const busy = isKnown ? attemptsWithin(trace, row, line, beganNs) : [];
  const addedJob = trace.jobs.addedJob(row);
  const added = trace.resources[addedJob >= 0 ? addedJob : job]?.site ?? -1;
  const place: SentencePart[] = added < 0 ? [] : [', added at ', sitePart(trace, added)];
  const words: SentencePart[] =
    ns < MIN_LINE_NS
      ? ['Its job', ...(place.length > 0 ? [...place, ','] : []), ...held]
      : [
          `Its job stood in line for ${uncertainDuration(ns, offNs)} at `,
          resourcePart(trace, line.queue),
          ...place,
          ...describeReasons(trace, holds, busy, ns),
          ...(held.length === 0 ? [] : ['; before, it', ...held]),
        ];
  words.push('.');
  return {
    words,
    ns: beganNs - (delay?.sinceNs ?? line.enteredNs),
    sites: [added, ...holds.map(({ hold }) => hold.site), delay?.site ?? -1].filter((site) => site >= 0),
    tasks: busy.map(({ task }) => trace.rowOf(task)),
  };
}

interface Overlap {
  readonly ns: number;
}

function describeReasons(
  trace: Trace,
  holds: readonly (Overlap & { readonly hold: JobHold })[],
  busy: readonly (Overlap & { readonly task: number })[],
  lineNs: number,
): SentencePart[] {
  const words: SentencePart[] = [];
  for (const { hold, ns } of holds) {
    const place: SentencePart[] = hold.site < 0 ? [] : [' at ', sitePart(trace, hold.site)];
    if (hold.reason === 'paused')
      words.push(`${words.length === 0 ? ': ' : '; '}the queue was paused`, ...place);
    else words.push(`${words.length === 0 ? ': ' : '; '}as many jobs had begun as its limit lets begin`);
    words.push(` (${duration(ns)})`);
  }
  const heldNs = holds.reduce((sum, { ns }) => sum + ns, 0);
  const [longest] = busy;
  // While it is paused, or at its limit, a free worker would not have helped.
  if (longest === undefined || heldNs >= lineNs * (1 - MIN_SHARE)) return words;
  words.push(words.length === 0 ? ': ' : '; ', 'no worker was free, for they were at ');
  words.push(taskPart(trace, trace.rowOf(longest.task)), ` (${duration(longest.ns)})`);
  if (busy.length > 1) words.push(` and ${count(busy.length - 1, 'other job')}`);
  return words;
}

/** " was held back for 200 ms, as asked for at a.ts:16" */
function describeDelay(trace: Trace, { sinceNs, site, by }: JobHold, { enteredNs }: JobLine): SentencePart[] {
  const words: SentencePart[] = [` was held back for ${duration(Math.max(0, enteredNs - sinceNs))}`];
  const isRetry = by >= 0 && trace.tasks.kind[by] === ACTIVATION_KIND.job;
  if (isRetry) words.push(', after ', taskPart(trace, trace.rowOf(by)), ' had failed');
  else if (site >= 0) words.push(', as asked for at ', sitePart(trace, site));
  return words;
}

function holdsWithin(
  trace: Trace,
  { queue, enteredNs }: JobLine,
  beganNs: number,
): (Overlap & { readonly hold: JobHold })[] {
  return trace.jobs
    .holdsOf(queue)
    .map((hold) => ({
      hold,
      ns: Math.min(hold.untilNs, beganNs) - Math.max(hold.sinceNs, enteredNs),
    }))
    .filter(({ ns }) => ns > 0 && ns >= (beganNs - enteredNs) * MIN_SHARE);
}

/** The attempts at other jobs of the queue, the longest first. */
function attemptsWithin(
  trace: Trace,
  row: number,
  { queue, enteredNs }: JobLine,
  beganNs: number,
): (Overlap & { readonly task: number })[] {
  const { beganNs: begins, endedNs: ends } = trace.tasks;
  return trace.jobs
    .attemptsOf(queue)
    .slice(-MAX_ATTEMPTS)
    .filter((task) => trace.rowOf(task) !== row)
    .map((task) => {
      const endNs = ends[task]!;
      const untilNs = Number.isNaN(endNs) ? beganNs : endNs;
      return { task, ns: Math.min(untilNs, beganNs) - Math.max(begins[task]!, enteredNs) };
    })
    .filter(({ ns }) => ns > 0 && ns >= (beganNs - enteredNs) * MIN_SHARE)
    .sort((a, b) => b.ns - a.ns);
}
