/**
 * A job of a queue was begun a second time for the same request: its worker had not said in time
 * that it is alive. Either the worker's thread was held, its process had ended, or nothing of that
 * was seen. Where both attempts came to their end, the job was done twice. A retry after a failure
 * is none of these, nor a job that its handler puts off.
 */
import { OUTCOME } from '../format/kinds.ts';
import { processKnownUntil } from '../model/known-until.ts';
import { systemPid } from '../model/machines.ts';
import type { Process, Trace } from '../model/trace.ts';
import { uncertaintyBetween } from '../words/across-machines.ts';
import { duration } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { heldBy } from './held-by.ts';
import { signalName } from './signal-name.ts';

export const stalledJob: Rule = {
  name: 'stalled-job',
  description: 'A job of a queue was begun again, because its worker had stopped saying that it lives.',
  start: (trace): RuleRun => ({
    findings: () =>
      pairs(trace)
        .filter((pair) => !isDoneTwice(trace, pair) && !isOrderUnknown(trace, pair))
        .map((pair) => stalled(trace, pair)),
  }),
};

export const jobDoneTwice: Rule = {
  name: 'job-done-twice',
  description: 'A job of a queue was begun again while an attempt at it went on, and both were done.',
  start: (trace): RuleRun => ({
    findings: () =>
      pairs(trace)
        .filter((pair) => isDoneTwice(trace, pair))
        .map((pair) => doneTwice(trace, pair)),
  }),
};

const MAX_FINDINGS = 50;
/** A shorter hold lets no lock run out. */
const MIN_HELD_NS = 100e6;

interface Pair {
  readonly first: number;
  readonly again: number;
}

/** On two machines, whose clocks do not tell which was first. */
const isOrderUnknown = (trace: Trace, { first, again }: Pair): boolean =>
  Math.abs(trace.tasks.beganNs[again]! - trace.tasks.beganNs[first]!) <
  uncertaintyBetween(trace, first, again);

const pairs = (trace: Trace): Pair[] =>
  trace.jobs.takenOver
    .slice(0, MAX_FINDINGS)
    .map((again) => ({ first: trace.jobs.takenOverFrom(again), again }));

const isDoneTwice = ({ tasks }: Trace, { first, again }: Pair): boolean =>
  tasks.outcome[first] === OUTCOME.ok && tasks.outcome[again] === OUTCOME.ok;

function stalled(trace: Trace, pair: Pair): Finding {
  const { first, again } = pair;
  const { tasks, processes } = trace;
  const process = processes[tasks.process[first]!]!;
  const { words, sites, isCertain } = whyStalled(trace, pair);
  const afterNs = tasks.beganNs[again]! - tasks.beganNs[first]!;
  return {
    rule: stalledJob.name,
    severity: isCertain && !hasEnded(trace, process) ? 'warning' : 'info',
    words: [
      taskPart(trace, trace.rowOf(first)),
      ' stalled: ',
      ...words,
      '. It was begun again as ',
      taskPart(trace, trace.rowOf(again)),
      ` ${duration(afterNs)} after its first beginning${inAnotherProcess(trace, pair)}.`,
    ],
    sites,
    tasks: [trace.rowOf(first), trace.rowOf(again)],
    t: tasks.beganNs[again]!,
    sinceNs: tasks.beganNs[first]!,
  };
}

/** ", by process 4711"; '': in the same. */
function inAnotherProcess({ tasks, processes }: Trace, { first, again }: Pair): string {
  const process = tasks.process[again]!;
  return process === tasks.process[first] ? '' : `, by process ${systemPid(processes[process]!.pid)}`;
}

function doneTwice(trace: Trace, pair: Pair): Finding {
  const { first, again } = pair;
  const { tasks } = trace;
  const isUnknown = isOrderUnknown(trace, pair);
  const { words, sites } = isUnknown ? UNTOLD : whyStalled(trace, pair);
  const order: SentencePart[] = isUnknown
    ? [
        'by ',
        taskPart(trace, trace.rowOf(first)),
        ' and ',
        taskPart(trace, trace.rowOf(again)),
        ' on two machines, whose clocks do not tell which began first',
      ]
    : [
        taskPart(trace, trace.rowOf(again)),
        ` began${inAnotherProcess(trace, pair).replace(',', '')} while `,
        taskPart(trace, trace.rowOf(first)),
        ' went on, and both were done. Of the first, ',
        ...words,
      ];
  return {
    rule: jobDoneTwice.name,
    severity: 'warning',
    words: [
      `A job was done twice${isUnknown ? ' ' : ': '}`,
      ...order,
      '. What a job does must be right when it is done again, or its worker must give its thread away.',
    ],
    sites,
    tasks: [trace.rowOf(first), trace.rowOf(again)],
    t: tasks.beganNs[again]!,
    sinceNs: tasks.beganNs[first]!,
    isWrong: true,
  };
}

interface Reason {
  readonly words: readonly SentencePart[];
  readonly sites: readonly number[];
  /** Its cause was seen. */
  readonly isCertain: boolean;
}

const UNTOLD: Reason = { words: [], sites: [], isCertain: false };

/** What the worker of the first did until the second began. */
function whyStalled(trace: Trace, { first, again }: Pair): Reason {
  const { tasks, processes } = trace;
  const [sinceNs, untilNs] = [tasks.beganNs[first]!, tasks.beganNs[again]!];
  const process = processes[tasks.process[first]!]!;
  if (hasEnded(trace, process) && processKnownUntil(trace, process).untilNs < untilNs) {
    const { signal } = process;
    const how = signal === null || signal === 0 ? 'had ended' : `was ended by ${signalName(signal)}`;
    return { words: [`its worker’s process ${how} in the middle of it`], sites: [], isCertain: true };
  }
  const { culprit } = heldBy(trace, tasks.lane[first]!, sinceNs, untilNs);
  if (culprit !== null && culprit.ns >= MIN_HELD_NS) {
    const { fn, site, ns } = culprit;
    const by = fn === '' ? '' : ` by \`${fn}\``;
    const words = [`its worker’s thread was held for ${duration(ns)}${by} at `, sitePart(trace, site)];
    return { words: [...words, ', and could not say that it lives'], sites: [site], isCertain: true };
  }
  const ranNs = longestHold(trace, tasks.lane[first]!, sinceNs, untilNs);
  if (ranNs >= MIN_HELD_NS) {
    const words = [`its worker’s thread was held for ${duration(ranNs)}, and could not say that it lives`];
    return { words, sites: [], isCertain: true };
  }
  const words = ['its worker had not said in time that it lives, and why is not recorded'];
  return { words, sites: [], isCertain: false };
}

function longestHold(trace: Trace, lane: number, sinceNs: number, untilNs: number): number {
  let longestNs = 0;
  for (const hold of trace.holds.within(lane, sinceNs, untilNs))
    longestNs = Math.max(longestNs, Math.min(hold.untilNs, untilNs) - Math.max(hold.sinceNs, sinceNs));
  return longestNs;
}

function hasEnded(trace: Trace, process: Process): boolean {
  const { why } = processKnownUntil(trace, process);
  return process.endNs !== null || process.wasTerminated || why === 'killed';
}
