/**
 * A pool whose workers stand idle although it has work: because one of them has most of the work,
 * or because the pool is given too little at once. Only the time counts in which at least one
 * worker is at work: a pool that nobody uses is not idle. Workers that the program made itself, and
 * sends messages to, are looked at in lopsided-workers.ts.
 */
import type { ResourceUse, RowChange } from '../fold/observer.ts';
import type { Link } from '../model/link.ts';
import type { Chunk, LinkEnd } from '../model/links.ts';
import { State } from '../model/state.ts';
import { laneNowOf } from '../model/known-until.ts';
import type { Resource, Trace } from '../model/trace.ts';
import { count, duration, share } from '../words/duration.ts';
import { resourcePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { lopsidedWorkers } from './lopsided-workers.ts';
import { PlainWorkers } from './plain-workers.ts';
import { poolOf, workerName } from './pools.ts';
import { type BusyInterval, WorkerActivity, totalNs, unionOf } from './worker-activity.ts';

export const idleWorkers: Rule = {
  name: 'idle-workers',
  description: 'A pool, or a group of worker threads, had work, and most of its workers were idle.',
  start: (trace) => new IdleWorkers(trace),
};

/**
 * The pool must have been at work for so long, and this share of its workers' time must be idle.
 */
const MIN_ACTIVE_NS = 100e6;
const MIN_IDLE_SHARE = 0.4;
/** One worker has most of the work when it has so many times what the next has. */
const MIN_IMBALANCE = 2;
/** A chunk that takes this share of its worker's time kept the others from sharing the work. */
const MIN_CHUNK_SHARE = 0.25;

/** The work of a pool in one process, as its records name the pool. */
interface PoolLoad {
  /** By lane. */
  readonly workers: Map<number, WorkerActivity>;
  longest: LongestChunk | null;
}

interface LongestChunk {
  readonly ns: number;
  readonly task: number;
}

interface OpenChunk {
  readonly load: PoolLoad;
  readonly worker: WorkerActivity;
  readonly sinceNs: number;
}

/** A place in a pool: a worker, and the workers that replaced it one after the other. */
interface WorkerPlace {
  readonly lanes: readonly number[];
  readonly intervals: readonly BusyInterval[];
  readonly chunks: number;
  readonly busyNs: number;
}

class IdleWorkers implements RuleRun {
  readonly rowStates = [State.ended];
  readonly #trace: Trace;
  /** By resource. */
  readonly #loads = new Map<number, PoolLoad>();
  /** By task. */
  readonly #openChunks = new Map<number, OpenChunk>();

  readonly #plain: PlainWorkers;

  constructor(trace: Trace) {
    this.#trace = trace;
    this.#plain = new PlainWorkers(trace);
  }

  taskBegan(task: number, t: number): void {
    this.#plain.taskBegan(task, t);
  }

  linkEndRead(end: LinkEnd, link: Link): void {
    this.#plain.linkEndRead(end, link);
  }

  resourceUsed(use: ResourceUse): void {
    this.#plain.resourceUsed(use);
  }

  chunkBegan(task: number, t: number, { pool }: Chunk): void {
    if (pool < 0) return;
    let load = this.#loads.get(pool);
    if (load === undefined) this.#loads.set(pool, (load = { workers: new Map(), longest: null }));
    const lane = this.#trace.tasks.lane[task]!;
    let worker = load.workers.get(lane);
    if (worker === undefined) load.workers.set(lane, (worker = new WorkerActivity()));
    worker.chunkBegan(t);
    this.#openChunks.set(task, { load, worker, sinceNs: t });
  }

  rowChanged({ row, t }: RowChange): void {
    const chunk = this.#openChunks.get(row);
    if (chunk === undefined) return;
    this.#openChunks.delete(row);
    chunk.worker.chunkEnded(t);
    const ns = t - chunk.sinceNs;
    if (ns > (chunk.load.longest?.ns ?? 0)) chunk.load.longest = { ns, task: row };
  }

  findings(): Finding[] {
    const loadsByPool = new Map<number, PoolLoad[]>();
    for (const [resource, load] of this.#loads) {
      const pool = poolOf(this.#trace, resource);
      const loads = loadsByPool.get(pool);
      if (loads) loads.push(load);
      else loadsByPool.set(pool, [load]);
    }
    return [
      ...[...loadsByPool].flatMap(([pool, loads]) => findingOf(this.#trace, pool, loads) ?? []),
      ...this.#plain.groups().flatMap((workers) => lopsidedWorkers(this.#trace, workers) ?? []),
    ];
  }
}

function findingOf(trace: Trace, resource: number, loads: readonly PoolLoad[]): Finding | null {
  const pool = trace.resources[resource]!;
  const workers = loads.flatMap(({ workers: byLane }) =>
    [...byLane].map(([lane, worker]): WorkerPlace => {
      const intervals = worker.intervals(lastWorkNs(trace, lane, pool));
      return { lanes: [lane], intervals, chunks: worker.chunks, busyNs: totalNs(intervals) };
    }),
  );
  const size = pool.capacity ?? workers.length;
  if (size < 2) return null;
  // With no more workers than places, none has replaced another.
  const places = workers.length > size ? placesOf(trace, workers, size) : workers;
  const intervals = places.flatMap((place) => place.intervals).sort((a, b) => a[0] - b[0]);
  const activeNs = totalNs(unionOf(intervals));
  const busyNs = totalNs(intervals);
  if (activeNs < MIN_ACTIVE_NS || busyNs > (1 - MIN_IDLE_SHARE) * size * activeNs) return null;

  const busiest = places.reduce((a, b) => (b.busyNs > a.busyNs ? b : a));
  const nextNs = places.reduce((ns, place) => (place === busiest ? ns : Math.max(ns, place.busyNs)), 0);
  const isUneven = nextNs > 0 && busiest.busyNs >= MIN_IMBALANCE * nextNs;
  const longest = loads.map((load) => load.longest).reduce((a, b) => ((b?.ns ?? 0) > (a?.ns ?? 0) ? b : a))!;

  const words: SentencePart[] = [
    resourcePart(trace, resource),
    ` had work for ${duration(activeNs)}, but only ${(busyNs / activeNs).toFixed(1)} of its ` +
      `${count(size, 'worker')} were busy on average`,
  ];
  if (isUneven) {
    const { chunks } = busiest;
    const part = `${share(busiest.busyNs, busyNs)} of the work in ${count(chunks, 'chunk')}`;
    words.push(`: ${nameOfPlace(trace, busiest)} did ${part}`);
  }
  if (isUneven && longest !== null && longest.ns >= busiest.busyNs * MIN_CHUNK_SHARE) {
    words.push(
      ' (the longest: ',
      taskPart(trace, longest.task),
      `, ${duration(longest.ns)}). Smaller chunks would share it out more evenly.`,
    );
  } else
    words.push('. Give it more at once: calls that are awaited one by one leave the other workers idle.');
  return {
    rule: idleWorkers.name,
    severity: 'warning',
    words,
    sites: pool.site >= 0 ? [pool.site] : [],
    tasks: isUneven && longest !== null ? [longest.task] : [],
    t: intervals.reduce((last, [, end]) => Math.max(last, end), 0),
    sinceNs: intervals[0]![0],
  };
}

/**
 * A pool of two that replaces its workers after every call has two places, however many workers
 * come and go.
 */
function placesOf(trace: Trace, workers: readonly WorkerPlace[], size: number): readonly WorkerPlace[] {
  const places: WorkerPlace[] = [];
  for (const worker of [...workers].sort((a, b) => startNsOf(trace, a) - startNsOf(trace, b))) {
    if (places.length < size) {
      places.push(worker);
      continue;
    }
    // The worker that ended first is replaced first. A worker ends with its last chunk: when its
    // thread ended may not be recorded.
    const freed = places.reduce((first, place) => (lastNsOf(place) < lastNsOf(first) ? place : first));
    places[places.indexOf(freed)] = {
      lanes: [...freed.lanes, ...worker.lanes],
      intervals: [...freed.intervals, ...worker.intervals],
      chunks: freed.chunks + worker.chunks,
      busyNs: freed.busyNs + worker.busyNs,
    };
  }
  return places;
}

function startNsOf(trace: Trace, { lanes }: WorkerPlace): number {
  const lane = trace.lanes[lanes[0]!]!;
  return lane.number === 0 ? trace.processes[lane.process]!.startNs : lane.startNs;
}

const lastNsOf = ({ intervals }: WorkerPlace): number => intervals.at(-1)?.[1] ?? 0;

/**
 * Up to when a chunk that goes on is at work: not beyond the end of its thread, its process or its
 * pool.
 */
const lastWorkNs = (trace: Trace, lane: number, pool: Resource): number =>
  Math.min(laneNowOf(trace, trace.lanes[lane]!), pool.endedNs ?? trace.endNs);

function nameOfPlace(trace: Trace, { lanes }: WorkerPlace): string {
  const first = workerName(trace, lanes[0]!);
  return lanes.length === 1 ? first : `${first} with the ${lanes.length - 1} that replaced it`;
}
