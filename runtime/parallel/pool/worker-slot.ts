/** One worker's place in a pool, and the jobs that its worker has and has not answered. */
import { traced } from '../../tasks/core/trace.ts';
import { type WorkerExit, type WorkerHandle, startProcess, startThread } from '../transport/worker-handle.ts';
import { CallClaims } from '../transport/call-claims.ts';
import type { FunctionReference } from '../functions/function-reference.ts';
import type { Call } from './call.ts';
import {
  type Answers,
  APPLY,
  type WorkerInit,
  ANSWER_ENTRIES,
  CALL_OUTCOME,
  isBatch,
  type Batch,
  toBatch,
} from '../transport/messages.ts';

/** Jobs a worker has at most. */
const MAX_CALLS = 512;
/** It has one job, or as many as take so long together, ms: then its answers come in batches, and nobody stands long behind another. */
const BUDGET_MS = 1;
/** Of what is known about a pace, how much the last answer weighs. */
const WEIGHT = 0.25;
/** Silent for so long with several jobs, it is held up by one of them, ms. */
export const STUCK_MS = 5;

export interface WorkerSlotEvents {
  workerReady(seat: WorkerSlot): void;
  initializerFailed(seat: WorkerSlot, error: unknown): void;
  /** `jobs`, and `done` as it came; null for a job that was taken back meanwhile. */
  callsAnswered(seat: WorkerSlot, jobs: readonly (Call | null)[], done: Batch): void;
  workerExited(seat: WorkerSlot, how: WorkerExit): void;
}

export class WorkerSlot {
  readonly handle: WorkerHandle;
  isReady = false;
  /** It takes no more jobs. */
  isRetiring = false;
  /** How many jobs it still takes. */
  #left: number;
  /** In the order in which it does them. */
  readonly #calls = new Map<number, Call>();
  #loadMs = 0;
  #serial = 0;
  readonly #claims: CallClaims | null;
  /** Of a process that ends: the job that it began last, if it came to say so. */
  #begun: number | null = null;
  /** When it was last given something, idle, or last told of anything. */
  #heardMs = 0;
  readonly #known = new Set<number>();
  #out: Call[] = [];

  constructor(kind: 'threads' | 'processes', begin: WorkerInit, most: number, events: WorkerSlotEvents) {
    this.#left = most;
    this.#claims = kind === 'threads' ? new CallClaims() : null;
    const start = kind === 'threads' ? startThread : startProcess;
    this.handle = start(
      { ...begin, claims: this.#claims?.words ?? null },
      {
        message: (message) => {
          if (isBatch(message)) events.callsAnswered(this, this.#answered(message), message[0]);
          else if ('ready' in message) {
            this.isReady = true;
            events.workerReady(this);
          } else if ('begun' in message) this.#begun = message.begun;
          else if ('broken' in message) events.initializerFailed(this, message.broken);
        },
        exited: (how) => events.workerExited(this, how),
        isBusy: () => !this.isIdle,
      },
    );
  }

  get isIdle(): boolean {
    return this.#calls.size === 0 && this.#out.length === 0;
  }

  /** How long it will be busy with what it has, as far as that can be told, ms. Infinity: it takes no job of this pace now. */
  loadFor(paceMs: number): number {
    if (!this.isReady || this.isRetiring) return Infinity;
    if (this.isIdle) return 0;
    const count = this.#calls.size + this.#out.length;
    return count < MAX_CALLS && this.#loadMs + paceMs <= BUDGET_MS ? this.#loadMs : Infinity;
  }

  /** Traced: the activation that its worker has begun and not ended, or 0. */
  get openActivation(): number {
    return this.#claims?.open ?? 0;
  }

  /** Whether jobs stand in it behind another and could be taken back. */
  get isBlocked(): boolean {
    return this.#claims !== null && this.#calls.size > 1;
  }

  /** The jobs that stand behind one that takes longer than all were to take; none while it gets on. */
  reclaim(): Call[] {
    const back: Call[] = [];
    if (!this.isBlocked || performance.now() - this.#heardMs < STUCK_MS) return back;
    const from = this.#claims!.reclaim((this.#serial + 1) | 0);
    if (from === null) return back;
    for (const [serial, job] of this.#calls) {
      if (((serial - from) | 0) < 0) continue;
      this.#calls.delete(serial);
      this.#loadMs -= job.costMs;
      back.push(job);
    }
    return back;
  }

  /** Ends it when it has done what it has. */
  retire(): void {
    this.isRetiring = true;
    this.handle.post({ close: true });
  }

  assign(job: Call): void {
    // What is not known yet counts as long: nothing is put behind it.
    job.costMs = Math.min(job.pace.ms, 2 * BUDGET_MS);
    this.#loadMs += job.costMs;
    this.#out.push(job);
    if (--this.#left === 0) this.isRetiring = true;
  }

  /** Sends what it was given. @returns the jobs that cannot be sent, with what the platform says to that. */
  flush(): readonly (readonly [Call, unknown])[] {
    const jobs = this.#out;
    if (jobs.length === 0) return [];
    this.#out = [];
    const refused: [Call, unknown][] = [];
    try {
      this.#post(jobs);
    } catch {
      // One of them cannot be cloned: each by itself.
      for (const job of jobs) {
        try {
          this.#post([job]);
        } catch (error) {
          this.#loadMs -= job.costMs;
          refused.push([job, error]);
        }
      }
    }
    return refused;
  }

  /** The jobs that it will not answer any more: those it may have begun, and those it surely has not. */
  detach(): { readonly begun: readonly Call[]; readonly untouched: readonly Call[] } {
    const begun: Call[] = [];
    const untouched: Call[] = [];
    const last = this.#claims?.lastBegun ?? this.#begun;
    for (const [serial, job] of this.#calls) {
      if (last !== null && ((serial - last) | 0) > 0) untouched.push(job);
      else begun.push(job);
    }
    untouched.push(...this.#out);
    this.#calls.clear();
    this.#out = [];
    return { begun, untouched };
  }

  #post(jobs: readonly Call[]): void {
    const row: unknown[] = [];
    let numbers = true;
    const marks: number[] | null = traced ? [] : null;
    let fns: [number, FunctionReference, FunctionReference | null][] | null = null;
    let serial = this.#serial;
    for (const { fn, mode, items, first, token, submitter, attempt } of jobs) {
      serial = (serial + 1) | 0;
      if (mode === APPLY) {
        const args = items as readonly unknown[];
        row.push(serial, fn.number, mode, args.length);
        for (const arg of args) {
          if (typeof arg !== 'number') numbers = false;
          row.push(arg);
        }
      } else {
        numbers = false;
        row.push(serial, fn.number, mode, 1, items);
      }
      if (!this.#known.has(fn.number)) (fns ??= []).push([fn.number, fn.name, fn.decoder]);
      marks?.push(first, token, submitter, attempt);
    }
    if (this.#calls.size === 0) this.#heardMs = performance.now();
    this.handle.post([toBatch(row, numbers), fns, marks]);
    if (fns !== null) for (const [number] of fns) this.#known.add(number);
    for (const job of jobs) this.#calls.set((this.#serial = (this.#serial + 1) | 0), job);
  }

  /** The jobs, in their order; null for one that was taken back. */
  #answered([done, ms]: Answers): (Call | null)[] {
    const jobs: (Call | null)[] = [];
    this.#heardMs = performance.now();
    for (let i = 0; i < done.length; i += ANSWER_ENTRIES) {
      const serial = done[i] as number;
      const job = this.#calls.get(serial) ?? null;
      jobs.push(job);
      if (job === null) continue;
      this.#calls.delete(serial);
      this.#loadMs -= job.costMs;
      if (done[i + 1] === CALL_OUTCOME.skipped) continue;
      const { pace } = job;
      pace.ms = pace.ms === Infinity ? ms : pace.ms + WEIGHT * (ms - pace.ms);
    }
    // Sums of fractions drift.
    if (this.isIdle) this.#loadMs = 0;
    return jobs;
  }
}
