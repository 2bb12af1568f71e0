/** What a job queue asks of what keeps and hands out its jobs. Two engines have it. */
import type { Future } from '../tasks/core/future.ts';
import type { AddedJob } from './added-job.ts';
import type { CheckedJob, JobCounts, RateLimit, RepeatOptions } from './job-options.ts';

/** A job of a flow, checked. */
export interface CheckedFlow {
  readonly job: CheckedJob;
  readonly engine: JobEngine;
  readonly children: readonly CheckedFlow[];
}

/** A job that an engine hands out to be done. */
export interface AttemptRequest {
  readonly id: string;
  readonly name: string;
  readonly data: unknown;
  readonly attempt: number;
  /** In the trace: the job's resource; 0 where there is none. */
  readonly resource: number;
  progress(value: unknown): Future<void>;
  childResults(): Future<Readonly<Record<string, unknown>>>;
}

/** Makes the task that does the job once. */
export type StartAttempt = (request: AttemptRequest) => Attempt;

/** A job being done: a task. */
export interface Attempt extends Future {
  readonly id: number;
  readonly signal: AbortSignal;
}

export interface WorkerSettings {
  readonly concurrency: number;
  readonly limit: RateLimit | null;
  readonly start: StartAttempt;
}

export interface JobEngine {
  readonly queueName: string;
  add(jobs: readonly CheckedJob[]): Future<AddedJob[]>;
  addFlow(flow: CheckedFlow): Future<AddedJob>;
  repeat(id: string, job: CheckedJob, options: RepeatOptions): Future<void>;
  /** @returns whether there was one. */
  stopRepeating(id: string): Future<boolean>;
  work(settings: WorkerSettings): void;
  pause(): Future<void>;
  resume(): Future<void>;
  drain(): Future<void>;
  counts(): Future<JobCounts>;
  /** Jobs under way are waited for so many ms, then cancelled. */
  close(graceMs: number): Future<void>;
}
