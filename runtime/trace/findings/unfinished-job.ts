/**
 * Attempts at jobs that did not come to their end: cut off by `process.exit`, or waiting for what
 * does not come while others of their queue are done in a fraction of the time.
 */
import { OUTCOME, PROCESS_END, RESOURCE_KIND } from '../format/kinds.ts';
import { nowOf } from '../model/known-until.ts';
import { openWaits } from '../model/open-waits.ts';
import { State } from '../model/state.ts';
import type { Process, Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { resourcePart, sitePart, taskList, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import type { QuietGaps } from './quiet-gaps.ts';
import { standstillOf } from './standstill.ts';

export const endlessJob: Rule = {
  name: 'endless-job',
  description: 'An attempt at a job waits on, when others of its queue are done long since.',
  start: (trace, gaps): RuleRun => ({ findings: () => endlessJobs(trace, gaps) }),
};

export const jobsCutOff: Rule = {
  name: 'jobs-cut-off',
  description: 'The process was ended by process.exit in the middle of jobs.',
  start: (trace): RuleRun => ({ findings: () => cutOffJobs(trace) }),
};

/** So many times the time of its queue's other jobs, and so long at least. */
const MIN_TIMES = 20;
const MIN_WAIT_NS = 1e9;
/** Of so many others that were done the time is known. */
const MIN_OTHERS = 3;
const MAX_FINDINGS = 20;

function endlessJobs(trace: Trace, gaps: QuietGaps): Finding[] {
  const { jobs, tasks, processes } = trace;
  return openWaits(trace)
    .filter(({ row }) => jobs.queueOfAttempt(row) >= 0)
    .slice(0, MAX_FINDINGS)
    .flatMap(({ row, startNs, site, target }): Finding[] => {
      const process = processes[tasks.process[row]!]!;
      if (trace.losses.hasAny(process.index)) return [];
      // A process that ends by itself with a job under way, or has nothing to do but wait for it.
      const isStill = standstillOf(trace, gaps, process) !== null;
      const untilNs = nowOf(trace, row);
      const livedNs = untilNs - tasks.beganNs[row]!;
      const queue = jobs.queueOfAttempt(row);
      const others = timesOf(trace, queue);
      const medianNs = others[others.length >> 1] ?? 0;
      const isLong = livedNs >= MIN_WAIT_NS && others.length >= MIN_OTHERS && livedNs >= medianNs * MIN_TIMES;
      if (!isLong && !(isStill && livedNs >= MIN_WAIT_NS)) return [];
      const words: SentencePart[] = [taskPart(trace, row), ` has not ended: it waits`];
      if (site >= 0) words.push(' at ', sitePart(trace, site));
      const resource = target < 0 ? trace.resources[-target - 1] : undefined;
      if (resource !== undefined) words.push(' for ', resourcePart(trace, resource.index));
      words.push(` since ${duration(untilNs - startNs)}`);
      if (others.length >= MIN_OTHERS)
        words.push(
          `, while ${count(others.length, 'other job')} of `,
          resourcePart(trace, queue),
          ` took ${duration(medianNs)} at the median`,
        );
      words.push('. A worker that closes waits for it; a limit of time of its own would end it.');
      return [
        {
          rule: endlessJob.name,
          severity: 'warning',
          words,
          sites: site >= 0 ? [site] : [],
          tasks: [row],
          t: untilNs,
          sinceNs: startNs,
          explainsEnd: isStill,
        },
      ];
    });
}

/** Of the attempts that were done, sorted, ns. */
const timesOf = ({ jobs, tasks }: Trace, queue: number): number[] =>
  jobs
    .attemptsOf(queue)
    .filter((task) => tasks.outcome[task] === OUTCOME.ok)
    .map((task) => tasks.endedNs[task]! - tasks.beganNs[task]!)
    .sort((a, b) => a - b);

function cutOffJobs(trace: Trace): Finding[] {
  return trace.processes
    .filter(({ endKind }) => endKind === PROCESS_END.called)
    .flatMap((process): Finding[] => {
      const lost = attemptsUnderWay(trace, process);
      const waiting = waitingInside(trace, process);
      if (lost.length === 0 && waiting.count === 0) return [];
      const { endSite } = process;
      const words: SentencePart[] = ['process.exit'];
      if (endSite >= 0) words.push(' at ', sitePart(trace, endSite));
      words.push(' ended the process');
      if (lost.length > 0)
        words.push(
          ` in the middle of ${count(lost.length, 'job')}: `,
          ...taskList(
            trace,
            lost.map((task) => trace.rowOf(task)),
          ),
        );
      if (waiting.count > 0) {
        words.push(lost.length > 0 ? '; ' : ': ');
        words.push(
          `${count(waiting.count, 'job')} in line at `,
          resourcePart(trace, waiting.queue),
          ' of this process are lost',
        );
      }
      const isOutside = lost.some((task) => trace.resources[trace.jobs.queueOfAttempt(task)]?.key !== '');
      words.push(isOutside ? '. Their queue begins them again when it has missed their worker. ' : '. ');
      words.push('Close the worker first, which waits for its jobs.');
      return [
        {
          rule: jobsCutOff.name,
          severity: 'error',
          words,
          sites: endSite >= 0 ? [endSite] : [],
          tasks: lost.map((task) => trace.rowOf(task)),
          t: process.endNs ?? trace.endNs,
          isWrong: true,
        },
      ];
    });
}

function attemptsUnderWay({ jobs, tasks }: Trace, { index }: Process): number[] {
  return jobs.queues
    .flatMap((queue) => [...jobs.attemptsOf(queue)])
    .filter((task) => tasks.process[task] === index && tasks.state[task] !== State.ended);
}

/** In line at a queue of the process's own: with it they are gone. */
function waitingInside({ jobs, resources }: Trace, { index }: Process): { count: number; queue: number } {
  for (const queue of jobs.queues) {
    const { kind, key, process } = resources[queue]!;
    if (kind !== RESOURCE_KIND['job-queue'] || key !== '' || process !== index) continue;
    const waiting = jobs.requestsOf(queue).filter(({ beganNs }) => Number.isNaN(beganNs)).length;
    if (waiting > 0) return { count: waiting, queue };
  }
  return { count: 0, queue: -1 };
}
