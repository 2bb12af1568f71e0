/**
 * Of several worker threads one was dealt most of the work, and the others stood idle while it
 * worked it off. A program that gives each worker its next part when it has answered the last needs
 * at most what all the work takes divided by the workers, and the longest part (Graham's bound for
 * list scheduling): only what took much longer than that is told. A part cannot be divided by
 * dealing it out in another way, so a worker with one long part is not lop-sided; unless each
 * worker got exactly one part, as where a range was cut beforehand.
 *
 * What would refute it: the parts had to come one after another, or had to go to that worker, since
 * it kept what they need. So it is told only where several workers were at work at once.
 */
import type { Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { resourcePart, sitePart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding } from './finding.ts';
import type { PlainWorker } from './plain-workers.ts';
import { type BusyInterval, totalNs, unionOf } from './worker-activity.ts';

/** The rule whose finding it is (idle-workers.ts). */
const RULE = 'idle-workers';
const MIN_ACTIVE_NS = 200e6;
/** Beyond what greedy dealing needs at most. */
const MIN_OVER_GREEDY = 1.25;
const MIN_GAIN_NS = 100e6;
/** The worker with most of the work has so many times what the one with the least has. */
const MIN_IMBALANCE = 2;
/** Of parts that were cut beforehand: what the largest has more than the next. */
const MIN_CUT_IMBALANCE = 3;
const MIN_CUT_WORKERS = 3;
const MIN_CUT_ACTIVE_NS = 500e6;
/** Parts that were cut beforehand are begun together: within this share of the time. */
const MAX_CUT_SPREAD = 0.2;

interface Load {
  readonly worker: PlainWorker;
  readonly intervals: readonly BusyInterval[];
  readonly busyNs: number;
}

/**
 * @param workers begun at one line
 * @returns null: the work was shared out, or had to be as it was
 */
export function lopsidedWorkers(trace: Trace, workers: readonly PlainWorker[]): Finding | null {
  const loads = workers
    .map((worker): Load => {
      const intervals = worker.intervals();
      return { worker, intervals, busyNs: totalNs(intervals) };
    })
    .filter(({ intervals }) => intervals.length > 0)
    .sort((a, b) => b.busyNs - a.busyNs);
  const [busiest, next] = loads;
  if (busiest === undefined || next === undefined) return null;
  if (trace.losses.hasAny(trace.resources[busiest.worker.resource]!.process)) return null;
  const intervals = loads.flatMap((load) => load.intervals).sort((a, b) => a[0] - b[0]);
  const activeNs = totalNs(unionOf(intervals));
  const workNs = totalNs(intervals);
  if (activeNs < MIN_ACTIVE_NS || mostAtOnce(intervals) < 2) return null;
  const evenNs = workNs / loads.length;
  const isCut = wasCut(loads, activeNs);
  const longestNs = Math.max(...loads.map(({ worker }) => worker.longestNs));
  const greedyNs = evenNs + (1 - 1 / loads.length) * longestNs;
  const gainNs = activeNs - (isCut ? evenNs : Math.max(evenNs, longestNs));
  if (!isCut && (activeNs < greedyNs * MIN_OVER_GREEDY || activeNs - greedyNs < MIN_GAIN_NS)) return null;
  if (!isCut && restNs(intervals, loads) < longestNs * MIN_OVER_GREEDY + MIN_GAIN_NS) return null;
  if (!isCut && busiest.busyNs < loads.at(-1)!.busyNs * MIN_IMBALANCE) return null;
  return findingOf(trace, { loads, activeNs, gainNs, isCut });
}

/**
 * From when the first of them had nothing left to do up to the end. Where each takes the next part,
 * what is left then has been begun: a worker that began late does not make it longer than the
 * longest part.
 */
function restNs(intervals: readonly BusyInterval[], loads: readonly Load[]): number {
  const endNs = Math.max(...intervals.map(([, end]) => end));
  return endNs - Math.min(...loads.map((load) => load.intervals.at(-1)![1]));
}

/** Each worker got one part, all at about the same time, and one part outweighs the others. */
function wasCut(loads: readonly Load[], activeNs: number): boolean {
  if (loads.length < MIN_CUT_WORKERS || activeNs < MIN_CUT_ACTIVE_NS) return false;
  if (loads.some(({ worker }) => worker.parts > 1 || worker.answers !== 1)) return false;
  const starts = loads.map(({ intervals }) => intervals[0]![0]);
  if (Math.max(...starts) - Math.min(...starts) > activeNs * MAX_CUT_SPREAD) return false;
  return loads[0]!.busyNs >= loads[1]!.busyNs * MIN_CUT_IMBALANCE;
}

/** How many of the intervals hold one moment, at most. */
function mostAtOnce(intervals: readonly BusyInterval[]): number {
  const ends = intervals.map(([, end]) => end).sort((a, b) => a - b);
  let most = 0;
  let ended = 0;
  for (const [i, [start]] of intervals.entries()) {
    while (ends[ended]! <= start) ended++;
    most = Math.max(most, i + 1 - ended);
  }
  return most;
}

interface Lopsided {
  /** The busiest first. */
  readonly loads: readonly Load[];
  readonly activeNs: number;
  readonly gainNs: number;
  readonly isCut: boolean;
}

function findingOf(trace: Trace, { loads, activeNs, gainNs, isCut }: Lopsided): Finding {
  const heavy = loads.filter(({ busyNs }) => busyNs * MIN_IMBALANCE > loads[0]!.busyNs);
  const others = loads.slice(heavy.length);
  const { worker, busyNs } = heavy[0]!;
  const site = worker.site >= 0 ? worker.site : trace.resources[worker.resource]!.site;
  const names: SentencePart[] = heavy
    .slice(0, 3)
    .flatMap((load, i) => [
      i === 0 ? '' : i === heavy.length - 1 ? ' and ' : ', ',
      resourcePart(trace, load.worker.resource),
    ]);
  if (heavy.length > 3) names.push(` and ${heavy.length - 3} more`);
  const isOne = heavy.length === 1;
  const given = isCut ? 'the largest part' : 'most of the work';
  const words: SentencePart[] = [...names, ` ${isOne ? 'was' : 'were'} given ${given}`];
  if (site >= 0) words.push(' at ', sitePart(trace, site));
  words.push(
    `: ${isOne ? 'it was' : 'they were'} at work for ${duration(busyNs)}`,
    ` of ${duration(activeNs)}, and the other ${count(others.length, 'worker')} for ` +
      `${duration(others[0]?.busyNs ?? 0)} at most. `,
    isCut
      ? 'Cut the work into more and smaller parts, and give'
      : 'Do not deal the parts out beforehand: give',
    ` each worker its next part when it has answered the last; all would take about ${duration(activeNs - gainNs)}.`,
  );
  const sites = [site, trace.resources[worker.resource]!.site].filter(
    (each, i, all) => each >= 0 && all.indexOf(each) === i,
  );
  const all = loads.flatMap((load) => load.intervals);
  return {
    rule: RULE,
    severity: 'warning',
    words,
    sites,
    tasks: worker.giver >= 0 ? [trace.rowOf(worker.giver)] : [],
    t: Math.max(...all.map(([, end]) => end)),
    sinceNs: Math.min(...all.map(([start]) => start)),
    gainNs,
    events: [worker.firstPart, worker.lastAnswer].filter((event) => event !== null),
  };
}
