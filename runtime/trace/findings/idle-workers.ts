/**
 * A pool whose workers stand idle although it has work: because one of them has most of it, or because it is given too little at once.
 * Only the time counts in which at least one worker is at work; a pool that nobody uses is not idle.
 */
import type { RowChange } from '../fold/observer.ts';
import type { Chunk as PoolChunk } from '../model/links.ts';
import { State } from '../model/state.ts';
import type { Resource, Trace } from '../model/trace.ts';
import { count, duration, share } from '../words/duration.ts';
import { resourcePart, taskPart } from '../words/names.ts';
import { untilOf } from '../model/times-so-far.ts';
import type { Part } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { poolOf, workerName } from './pools.ts';

/** So long it must have been at work, and so much of its workers must have been idle. */
const MIN_DURATION_NS = 100e6;
const MIN_IDLE_SHARE = 0.4;
/** One worker has most of the work when it has so many times what the next has. */
const LOP_SIDED = 2;
/** So much of a worker's time in one chunk is what kept the others from sharing it. */
const OUTWEIGHS = 0.25;

/** So many stretches of work are kept of a worker; with more, those that lie near each other become one. */
const MAX_STRETCHES = 4096;
const NEAR_NS = 1e5;

/**
 * When one worker was at work, from the first of some chunks to the end of the last; what lies between two chunks that follow each other at once is the
 * handing over. Workers' records arrive thread by thread and process by process, so what two did at the same time is known only when asked.
 */
class Worker {
  chunks = 0;
  #running = 0;
  #starts: number[] = [];
  #ends: number[] = [];
  #nearNs = NEAR_NS;

  begin(t: number): void {
    this.chunks++;
    if (this.#running++ > 0) return;
    if (this.#ends.length > 0 && t - this.#ends.at(-1)! <= this.#nearNs) {
      this.#ends.pop();
      return;
    }
    this.#starts.push(t);
    if (this.#starts.length > MAX_STRETCHES) this.#thin();
  }

  end(t: number): void {
    if (--this.#running === 0) this.#ends.push(t);
  }

  /** One that goes on ends now. */
  stretches(nowNs: number): readonly (readonly [number, number])[] {
    return this.#starts.map((start, i) => [start, Math.max(start, this.#ends[i] ?? nowNs)] as const);
  }

  #thin(): void {
    while (this.#starts.length > MAX_STRETCHES / 2) {
      this.#nearNs *= 2;
      const [starts, ends] = [this.#starts, this.#ends];
      const kept = starts.map((start, i) => i === 0 || start - ends[i - 1]! > this.#nearNs);
      this.#starts = starts.filter((_, i) => kept[i]);
      this.#ends = ends.filter((_, i) => kept[i + 1] ?? true);
    }
  }
}

interface Chunk {
  readonly load: Load;
  readonly worker: Worker;
  readonly sinceNs: number;
}

interface Load {
  /** By lane. */
  readonly workers: Map<number, Worker>;
  longest: { readonly ns: number; readonly task: number } | null;
}

class IdleWorkers implements RuleRun {
  readonly #trace: Trace;
  readonly #loads = new Map<number, Load>();
  readonly #running = new Map<number, Chunk>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  chunkBegan(task: number, t: number, { pool }: PoolChunk): void {
    if (pool < 0) return;
    let load = this.#loads.get(pool);
    if (load === undefined) this.#loads.set(pool, (load = { workers: new Map(), longest: null }));
    const lane = this.#trace.tasks.lane[task]!;
    let worker = load.workers.get(lane);
    if (worker === undefined) load.workers.set(lane, (worker = new Worker()));
    worker.begin(t);
    this.#running.set(task, { load, worker, sinceNs: t });
  }

  rowChanged({ row, t, state }: RowChange): void {
    if (state !== State.ended) return;
    const chunk = this.#running.get(row);
    if (chunk === undefined) return;
    this.#running.delete(row);
    chunk.worker.end(t);
    const ns = t - chunk.sinceNs;
    if (ns > (chunk.load.longest?.ns ?? 0)) chunk.load.longest = { ns, task: row };
  }

  findings(): Finding[] {
    const pools = new Map<number, Load[]>();
    for (const [resource, load] of this.#loads) {
      const pool = poolOf(this.#trace, resource);
      const loads = pools.get(pool);
      if (loads) loads.push(load);
      else pools.set(pool, [load]);
    }
    return [...pools].flatMap(([pool, loads]) => this.#find(pool, loads) ?? []);
  }

  #find(pool: number, loads: readonly Load[]): Finding | null {
    const trace = this.#trace;
    const it = trace.resources[pool]!;
    const each = loads
      .flatMap((load) => [...load.workers])
      .map(([lane, worker]) => {
        const stretches = worker.stretches(endOf(trace, lane, it));
        return { lanes: [lane], stretches, chunks: worker.chunks, busyNs: lengthOf(stretches) };
      });
    // Only who is one too many can have taken another's place.
    const size = it.capacity ?? each.length;
    const workers = each.length > size ? onPlaces(trace, each, size) : each;
    const stretches = workers.flatMap((worker) => worker.stretches).sort((a, b) => a[0] - b[0]);
    const activeNs = lengthOf(together(stretches));
    const busyNs = lengthOf(stretches);
    if (size < 2 || activeNs < MIN_DURATION_NS || busyNs > (1 - MIN_IDLE_SHARE) * size * activeNs)
      return null;

    const words: Part[] = [
      resourcePart(trace, pool),
      ` has ${count(size, 'worker')}, but while it had work, for ${duration(activeNs)}, ` +
        `only ${(busyNs / activeNs).toFixed(1)} were busy in the mean`,
    ];
    const most = workers.reduce((a, b) => (b.busyNs > a.busyNs ? b : a));
    const nextNs = workers.reduce((ns, one) => (one === most ? ns : Math.max(ns, one.busyNs)), 0);
    const isLopSided = nextNs > 0 && most.busyNs >= LOP_SIDED * nextNs;
    const longest = loads
      .map((load) => load.longest)
      .reduce((a, b) => ((b?.ns ?? 0) > (a?.ns ?? 0) ? b : a))!;
    if (isLopSided) {
      words.push(
        `: ${nameOfPlace(trace, most)} did ${share(most.busyNs, busyNs)} of the work in ${count(most.chunks, 'chunk')}`,
      );
    }
    // A chunk that outweighs the rest is work that the others could not share.
    if (isLopSided && longest !== null && longest.ns >= most.busyNs * OUTWEIGHS) {
      words.push(
        ' (the longest: ',
        taskPart(trace, longest.task),
        `, ${duration(longest.ns)}). Smaller chunks would share it out more evenly.`,
      );
    } else words.push('. Give it more at once: jobs that are waited for one by one leave the others idle.');
    return {
      rule: idleWorkers.name,
      severity: 'warning',
      words,
      sites: it.site >= 0 ? [it.site] : [],
      tasks: isLopSided && longest !== null ? [longest.task] : [],
      t: stretches.reduce((last, [, end]) => Math.max(last, end), 0),
      sinceNs: stretches[0]![0],
    };
  }
}

/** One place in a pool: a worker, and those that replaced it one after the other. */
interface Place {
  readonly lanes: readonly number[];
  readonly stretches: Stretches;
  readonly chunks: number;
  readonly busyNs: number;
}

/** A pool of two that replaces its workers after every job has two places, however many workers come and go. */
function onPlaces(trace: Trace, workers: readonly Place[], size: number): readonly Place[] {
  const places: Place[] = [];
  for (const worker of [...workers].sort((a, b) => beginOf(trace, a) - beginOf(trace, b))) {
    // Who left first is replaced first. An end that was not recorded is that of the last chunk.
    const freed = places.reduce(
      (first, place) => (lastNs(place) < lastNs(first) ? place : first),
      places[0]!,
    );
    if (places.length < size) places.push(worker);
    else
      places[places.indexOf(freed)] = {
        lanes: [...freed.lanes, ...worker.lanes],
        stretches: [...freed.stretches, ...worker.stretches],
        chunks: freed.chunks + worker.chunks,
        busyNs: freed.busyNs + worker.busyNs,
      };
  }
  return places;
}

function beginOf(trace: Trace, worker: Place): number {
  const lane = trace.lanes[worker.lanes[0]!]!;
  return lane.number === 0 ? trace.processes[lane.process]!.startNs : lane.startNs;
}

const lastNs = (place: Place): number => place.stretches.at(-1)?.[1] ?? 0;

/** Up to when a chunk that goes on is at work: not beyond its thread, its process or its pool. */
function endOf(trace: Trace, lane: number, pool: Resource): number {
  return Math.min(untilOf(trace, trace.lanes[lane]), pool.endedNs ?? trace.endNs);
}

function nameOfPlace(trace: Trace, { lanes }: Place): string {
  const first = workerName(trace, lanes[0]!);
  return lanes.length === 1 ? first : `${first} with the ${lanes.length - 1} that replaced it`;
}

type Stretches = readonly (readonly [number, number])[];

const lengthOf = (stretches: Stretches): number =>
  stretches.reduce((sum, [start, end]) => sum + end - start, 0);

/** What at least one of them covers; they are in the order of their beginning. */
function together(stretches: Stretches): Stretches {
  const all: [number, number][] = [];
  for (const [start, end] of stretches) {
    const last = all.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else all.push([start, end]);
  }
  return all;
}

export const idleWorkers: Rule = {
  name: 'idle-workers',
  says: 'A pool had work, and most of its workers were idle.',
  start: (trace) => new IdleWorkers(trace),
};
