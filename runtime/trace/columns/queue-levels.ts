/**
 * How many jobs of a queue waited, were active, were held back and had failed, over time. It is put
 * together from what the queue was asked for, by all processes that have a part in it: what each of
 * them says comes in no order of time, so a queue that has changed is counted anew.
 */
import { OUTCOME } from '../format/kinds.ts';
import { processKnownUntil } from '../model/known-until.ts';
import type { JobRequest } from '../model/job-log.ts';
import type { Trace } from '../model/trace.ts';
import { LevelTrack } from './levels.ts';

export const JOB_STATES = ['active', 'waiting', 'delayed', 'failed'] as const;
export type JobState = (typeof JOB_STATES)[number];

export type QueueTracks = Readonly<Record<JobState, LevelTrack>> & {
  /** How many were in the queue: active, waiting and delayed. Each change of any is one of it. */
  readonly all: LevelTrack;
};

/** How many jobs were in which state at a time. */
export function countsAt(tracks: QueueTracks, t: number): Readonly<Record<JobState, number>> {
  const levelOf = (state: JobState): number => {
    const index = tracks[state].at(t);
    return index < 0 ? 0 : tracks[state].level(index);
  };
  const [active, waiting] = [levelOf('active'), levelOf('waiting')];
  return { active, waiting, delayed: levelOf('delayed'), failed: levelOf('failed') };
}

/** A queue is counted anew when this many times the last counting's time has passed. */
const PAUSE_FACTOR = 20;

interface Counted {
  readonly version: number;
  readonly endNs: number;
  readonly tracks: QueueTracks;
  readonly atMs: number;
  readonly tookMs: number;
}

export class QueueLevels {
  readonly #trace: Trace;
  readonly #nowMs: () => number;
  readonly #counted = new Map<number, Counted>();

  constructor(trace: Trace, nowMs: () => number) {
    this.#trace = trace;
    this.#nowMs = nowMs;
  }

  /** @param queue as `trace.jobs.queues` has it */
  tracksOf(queue: number): QueueTracks {
    const { jobs, endNs } = this.#trace;
    const known = this.#counted.get(queue);
    const nowMs = this.#nowMs();
    if (known !== undefined) {
      const isSame = known.version === jobs.version && known.endNs === endNs;
      if (isSame || nowMs - known.atMs < known.tookMs * PAUSE_FACTOR) return known.tracks;
    }
    const tracks = countJobs(this.#trace, jobs.requestsOf(queue));
    const counted = { version: jobs.version, endNs, tracks, atMs: nowMs, tookMs: this.#nowMs() - nowMs };
    this.#counted.set(queue, counted);
    return tracks;
  }
}

/** A change: which state, and by how much. Failed jobs are in the queue no more. */
const CHANGES = JOB_STATES.flatMap((state) => [
  { state, by: 1 },
  { state, by: -1 },
]);
const changeOf = (state: JobState, by: 1 | -1): number => JOB_STATES.indexOf(state) * 2 + (by > 0 ? 0 : 1);
const [BEGINS, ENDS] = [changeOf('active', 1), changeOf('active', -1)];
const [ENTERS, LEAVES] = [changeOf('waiting', 1), changeOf('waiting', -1)];
const [HELD, FREED] = [changeOf('delayed', 1), changeOf('delayed', -1)];
const FAILS = changeOf('failed', 1);

function countJobs(trace: Trace, requests: readonly JobRequest[]): QueueTracks {
  const moves = new Moves();
  for (const request of requests) addRequest(trace, request, moves);
  const tracks: QueueTracks = {
    all: new LevelTrack(),
    active: new LevelTrack(),
    waiting: new LevelTrack(),
    delayed: new LevelTrack(),
    failed: new LevelTrack(),
  };
  const levels: Record<JobState, number> = { active: 0, waiting: 0, delayed: 0, failed: 0 };
  for (const index of moves.inOrder()) {
    const { state, by } = CHANGES[moves.changes[index]!]!;
    const t = moves.times[index]!;
    const task = moves.tasks[index]!;
    levels[state] = Math.max(0, levels[state] + by);
    tracks[state].append(t, levels[state], task);
    tracks.all.append(t, levels.active + levels.waiting + levels.delayed, task);
  }
  return tracks;
}

function addRequest(trace: Trace, request: JobRequest, moves: Moves): void {
  const { askedNs, asker, dueNs, beganNs, attempt } = request;
  const begins = !Number.isNaN(beganNs);
  if (!Number.isNaN(askedNs)) {
    // What is received before it is sent was taken at once: clocks of machines differ.
    const leftNs = begins ? Math.max(beganNs, askedNs) : Infinity;
    const isHeld = dueNs > askedNs;
    const freedNs = isHeld ? Math.min(dueNs, leftNs) : askedNs;
    if (isHeld) moves.add(askedNs, HELD, asker);
    const isFreed = isHeld && freedNs <= trace.endNs;
    if (isFreed) moves.add(freedNs, FREED, attempt);
    if ((!isHeld || isFreed) && freedNs < leftNs) {
      moves.add(freedNs, ENTERS, asker);
      if (begins) moves.add(leftNs, LEAVES, attempt);
    }
  }
  if (!begins || attempt < 0) return;
  moves.add(beganNs, BEGINS, attempt);
  const endNs = endOf(trace, attempt);
  if (Number.isNaN(endNs)) return;
  moves.add(Math.max(endNs, beganNs), ENDS, attempt);
  if (trace.tasks.outcome[attempt] === OUTCOME.error && !trace.jobs.asksAgain(attempt))
    moves.add(endNs, FAILS, attempt);
}

/** When an attempt was over; NaN: it goes on. */
function endOf(trace: Trace, attempt: number): number {
  const { endedNs, process } = trace.tasks;
  const endNs = endedNs[attempt]!;
  if (!Number.isNaN(endNs)) return endNs;
  const { untilNs, why } = processKnownUntil(trace, trace.processes[process[attempt]!]!);
  return why === 'running' ? Number.NaN : untilNs;
}

class Moves {
  readonly times: number[] = [];
  readonly changes: number[] = [];
  readonly tasks: number[] = [];
  #isOrdered = true;

  add(t: number, change: number, task: number): void {
    const { times } = this;
    if (times.length > 0 && t < times[times.length - 1]!) this.#isOrdered = false;
    times.push(t);
    this.changes.push(change);
    this.tasks.push(task);
  }

  /** At one time they stay in the order in which they were added. */
  inOrder(): Uint32Array {
    const order = Uint32Array.from(this.times.keys());
    const { times } = this;
    return this.#isOrdered ? order : order.sort((a, b) => times[a]! - times[b]! || a - b);
  }
}
