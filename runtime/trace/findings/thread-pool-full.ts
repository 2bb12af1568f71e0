/**
 * A short job of libuv's thread pool (a file, a look-up of a name) stood behind long ones: while it
 * was under way the pool had as many other jobs as threads, for nearly all of its time. Long jobs
 * that wait for each other alone are what the program wants to have done: they are no finding.
 *
 * Jobs are facts (`pool-job`); those of `fs/promises` are the waits for them.
 */
import { FACT, REASON, RESOURCE_KIND } from '../format/kinds.ts';
import { resourceOfTarget } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { EndedWait } from '../model/wait.ts';
import { count, duration } from '../words/duration.ts';
import { sitePart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import { ExecutorCalls } from './executor-full.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

export const threadPoolFull: Rule = {
  name: 'thread-pool-full',
  description: 'A file or a look-up of a name waited behind long jobs of the thread pool.',
  start: (trace) => new ThreadPoolFull(trace),
};

const MIN_WAIT_NS = 100e6;
/** For this share of its time at least the pool was full of other jobs. */
const MIN_FULL_SHARE = 0.7;
const MAX_WAITS = 10_000;
/** Functions of `fs/promises` and `dns/promises` whose work the pool does. */
const SHORT = new Set([
  ...['readFile', 'writeFile', 'appendFile', 'copyFile', 'stat', 'lstat', 'access', 'readdir', 'mkdir'],
  ...['open', 'unlink', 'rm', 'rename', 'mkdtemp', 'realpath', 'lookup', 'lookupService'],
]);

interface Job {
  readonly name: string;
  readonly process: number;
  readonly site: number;
  readonly task: number;
  readonly sinceNs: number;
  readonly untilNs: number;
}

class ThreadPoolFull extends ExecutorCalls implements RuleRun {
  readonly waitReasons = [REASON.io];
  readonly #trace: Trace;
  /** Waits for short jobs that took long. */
  readonly #waits: Job[] = [];

  constructor(trace: Trace) {
    super(trace);
    this.#trace = trace;
  }

  waitEnded({ row, target, site, startNs, endNs }: EndedWait): void {
    if (endNs - startNs < MIN_WAIT_NS) return;
    const resource = this.#trace.resources[resourceOfTarget(target)];
    if (resource === undefined || !SHORT.has(resource.name) || this.#waits.length >= MAX_WAITS) return;
    const { name, process } = resource;
    this.#waits.push({ name, process, site, task: row, sinceNs: startNs, untilNs: endNs });
  }

  findings(): Finding[] {
    const trace = this.#trace;
    const pool = trace.resources.find(({ kind }) => kind === RESOURCE_KIND['thread-pool']);
    if (pool === undefined) return this.lateOnes(threadPoolFull.name);
    const jobs = trace.facts
      .filter(({ what }) => what === FACT['pool-job'])
      .map(({ text, site, task, t, amount }): Job => {
        const process = trace.sites[site]?.process ?? -1;
        return { name: text, process, site, task, sinceNs: t - amount * 1e3, untilNs: t };
      });
    const threads = pool.capacity ?? 0;
    const long = jobs.filter(({ name }) => !SHORT.has(name));
    const late = [...this.#waits, ...jobs.filter(({ name }) => SHORT.has(name))]
      .map((job) => ({ job, behind: jobsBefore(job, long, threads) }))
      .filter(({ behind }) => behind.length > 0);
    if (late.length === 0) return [];
    const worst = late.reduce((a, b) => (lengthOf(b.job) > lengthOf(a.job) ? b : a));
    return [findingOf(trace, worst.job, worst.behind, threads, late.length)];
  }
}

const lengthOf = ({ sinceNs, untilNs }: Job): number => untilNs - sinceNs;

/** The long jobs behind which a job stood; none: the pool had a thread for it. */
function jobsBefore(job: Job, long: readonly Job[], threads: number): readonly Job[] {
  if (lengthOf(job) < MIN_WAIT_NS) return [];
  const others = long.filter(
    (other) => other.process === job.process && other.sinceNs < job.untilNs && other.untilNs > job.sinceNs,
  );
  if (others.length < threads || threads === 0) return [];
  // The time in which so many of them were under way at once.
  const edges = others
    .flatMap(({ sinceNs, untilNs }) => [
      { t: Math.max(sinceNs, job.sinceNs), by: 1 },
      { t: Math.min(untilNs, job.untilNs), by: -1 },
    ])
    .sort((a, b) => a.t - b.t || a.by - b.by);
  let underWay = 0;
  let fullNs = 0;
  let lastNs = job.sinceNs;
  for (const { t, by } of edges) {
    if (underWay >= threads) fullNs += t - lastNs;
    underWay += by;
    lastNs = t;
  }
  return fullNs >= lengthOf(job) * MIN_FULL_SHARE ? others : [];
}

function findingOf(trace: Trace, job: Job, behind: readonly Job[], threads: number, late: number): Finding {
  const ns = lengthOf(job);
  const names = [...new Set(behind.map(({ name }) => name))];
  const sites = [...new Map(behind.map(({ site }) => [keyOf(trace, site), site])).values()];
  const words: SentencePart[] = [
    `\`${job.name}\` at `,
    sitePart(trace, job.site),
    ` waited ${duration(ns)} behind ${count(behind.length, `${names.join(' and ')} job`)} (`,
    ...sites.slice(0, 2).flatMap((site, i) => [...(i > 0 ? [', '] : []), sitePart(trace, site)]),
    `) on the ${count(threads, 'thread')} of libuv's pool.`,
  ];
  if (late > 1) words.push(` So did ${count(late - 1, 'other')}.`);
  words.push(' A larger UV_THREADPOOL_SIZE, or fewer of these jobs at once, lets it through.');
  return {
    rule: threadPoolFull.name,
    severity: 'warning',
    words,
    sites: [job.site, ...sites],
    tasks: job.task >= 0 ? [trace.rowOf(job.task)] : [],
    t: job.untilNs,
    sinceNs: job.sinceNs,
    gainNs: ns,
  };
}

function keyOf(trace: Trace, site: number): string {
  const info = trace.sites[site];
  return info === undefined ? '' : `${info.file}:${info.line}`;
}
