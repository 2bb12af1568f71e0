/**
 * A queue without a capacity into which more goes than comes out: it grows for as long as the
 * program runs. It is found when, while items came out all along, its least depth rose from one
 * window of puts to the next, several times in a row. A queue that is filled first and emptied
 * later does not grow. Of a queue of jobs the line is told that added to it.
 */
import type { LevelChange } from '../fold/observer.ts';
import { KIND, RESOURCE_KIND, numberSet } from '../format/kinds.ts';
import type { JobRequest } from '../model/job-log.ts';
import type { Trace } from '../model/trace.ts';
import { grouped } from '../format/grouped.ts';
import { count, duration } from '../words/duration.ts';
import { resourcePart, sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

export const growingQueue: Rule = {
  name: 'growing-queue',
  description: 'A queue without a capacity grows, because more is put into it than is taken out.',
  start: (trace) => new GrowingQueue(trace),
};

const QUEUE_KINDS = numberSet(RESOURCE_KIND, 'queue', 'priority-queue', 'lifo-queue', 'job-queue');
/** Puts in a window. */
const WINDOW_PUTS = 256;
/** Gets that a window must have: else the queue is only being filled. */
const MIN_GETS = 8;
/** Windows in a row in which the queue must have grown. */
const MIN_WINDOWS = 4;
/** Items that must be in the queue. */
const MIN_DEPTH = 1000;

interface QueueDepth {
  /** Of the window that goes on. */
  puts: number;
  gets: number;
  minDepth: number;
  startNs: number;
  /** The least depth of the window before; −1: there was none. */
  lastMinDepth: number;
  /**
   * In how many windows in a row the queue has grown; since when, and its puts and gets since then.
   */
  grownWindows: number;
  grownSinceNs: number;
  grownPuts: number;
  grownGets: number;
  /** The growth that ended deepest. */
  growth: Growth | null;
}

interface Growth {
  readonly sinceNs: number;
  readonly t: number;
  readonly depth: number;
  readonly puts: number;
  readonly gets: number;
  /** The task that put last; −1: none recorded. */
  readonly by: number;
}

class GrowingQueue implements RuleRun {
  readonly #trace: Trace;
  /** By resource. */
  readonly #depths = new Map<number, QueueDepth>();
  readonly #outside = new Map<number, { readonly version: number; readonly growth: Growth | null }>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  levelChanged({ resource, t, level, by, kind }: LevelChange): void {
    if (kind !== KIND.put && kind !== KIND.get) return;
    const queue = this.#trace.resources[resource]!;
    if (queue.capacity !== null || !QUEUE_KINDS.has(queue.kind)) return;
    let depth = this.#depths.get(resource);
    if (depth === undefined) this.#depths.set(resource, (depth = newQueueDepth(t)));
    if (level < depth.minDepth) depth.minDepth = level;
    if (kind === KIND.get) depth.gets++;
    else if (++depth.puts === WINDOW_PUTS) closeWindow(depth, t, level, by);
  }

  findings(): Finding[] {
    const { jobs, resources } = this.#trace;
    const outside = jobs.queues.filter((queue) => resources[queue]!.key !== '');
    const all = [
      ...[...this.#depths].map(([queue, { growth }]) => ({ queue, growth })),
      ...outside.map((queue) => ({ queue, growth: this.#growthOutside(queue) })),
    ];
    return all.flatMap(({ queue, growth }) =>
      growth === null ? [] : [findingOf(this.#trace, queue, growth)],
    );
  }

  /** Of a queue of jobs outside, into which and from which several processes put and take. */
  #growthOutside(queue: number): Growth | null {
    const { version } = this.#trace.jobs;
    const known = this.#outside.get(queue);
    if (known?.version === version) return known.growth;
    const growth = growthOf(this.#trace.jobs.requestsOf(queue));
    this.#outside.set(queue, { version, growth });
    return growth;
  }
}

function growthOf(requests: readonly JobRequest[]): Growth | null {
  if (requests.length < MIN_DEPTH) return null;
  const puts = requests.filter(({ askedNs }) => !Number.isNaN(askedNs)).sort((a, b) => a.askedNs - b.askedNs);
  // What was put by nobody who was recorded says nothing of the depth.
  const gets = puts.map(({ beganNs }) => beganNs).filter((t) => !Number.isNaN(t));
  gets.sort((a, b) => a - b);
  const depth = newQueueDepth(puts[0]?.askedNs ?? 0);
  let level = 0;
  let next = 0;
  for (const { askedNs, asker } of puts) {
    for (; next < gets.length && gets[next]! < askedNs; next++) {
      depth.minDepth = Math.min(depth.minDepth, --level);
      depth.gets++;
    }
    depth.minDepth = Math.min(depth.minDepth, ++level);
    if (++depth.puts === WINDOW_PUTS) closeWindow(depth, askedNs, level, asker);
  }
  return depth.growth;
}

const newQueueDepth = (t: number): QueueDepth => ({
  puts: 0,
  gets: 0,
  minDepth: Infinity,
  startNs: t,
  lastMinDepth: -1,
  grownWindows: 0,
  grownSinceNs: t,
  grownPuts: 0,
  grownGets: 0,
  growth: null,
});

function closeWindow(depth: QueueDepth, t: number, level: number, by: number): void {
  if (depth.gets >= MIN_GETS && depth.minDepth > depth.lastMinDepth) {
    if (depth.grownWindows++ === 0) {
      depth.grownSinceNs = depth.startNs;
      depth.grownPuts = 0;
      depth.grownGets = 0;
    }
    depth.grownPuts += depth.puts;
    depth.grownGets += depth.gets;
    const isDeepest = level >= MIN_DEPTH && level > (depth.growth?.depth ?? 0);
    if (depth.grownWindows >= MIN_WINDOWS && isDeepest) {
      const { grownSinceNs: sinceNs, grownPuts: puts, grownGets: gets } = depth;
      depth.growth = { sinceNs, t, depth: level, puts, gets, by };
    }
  } else depth.grownWindows = 0;
  depth.lastMinDepth = depth.minDepth;
  depth.minDepth = level;
  depth.puts = 0;
  depth.gets = 0;
  depth.startNs = t;
}

function findingOf(trace: Trace, resource: number, growth: Growth): Finding {
  const { sinceNs, t, depth, puts, gets, by } = growth;
  const { site, kind } = trace.resources[resource]!;
  const areJobs = kind === RESOURCE_KIND['job-queue'];
  const added = areJobs ? lineThatAdded(trace, growth) : -1;
  const words: SentencePart[] = [
    resourcePart(trace, resource),
    `${areJobs ? '' : ' has no capacity and'} grew for ${duration(t - sinceNs)} to ${count(depth, areJobs ? 'job' : 'item')}: ` +
      `${grouped(puts)} went in and ${grouped(gets)} came out`,
  ];
  if (by >= 0)
    words.push(`; the last was ${areJobs ? 'added' : 'put'} by `, taskPart(trace, trace.rowOf(by)));
  if (added >= 0) words.push(' at ', sitePart(trace, added));
  words.push(
    areJobs
      ? '. Its workers do not keep up with what is added.'
      : '. With a capacity put() would wait for the consumers.',
  );
  return {
    rule: growingQueue.name,
    severity: 'warning',
    words,
    sites: [added, site].filter((line) => line >= 0),
    tasks: by >= 0 ? [trace.rowOf(by)] : [],
    t,
    sinceNs,
  };
}

/** Of the last job that whoever put last had made then; −1: none is known. */
function lineThatAdded({ resources }: Trace, { by, t }: Growth): number {
  if (by < 0) return -1;
  const job = resources.findLast(
    ({ kind, creator, beganNs }) => kind === RESOURCE_KIND.job && creator === by && beganNs <= t,
  );
  return job?.site ?? -1;
}
