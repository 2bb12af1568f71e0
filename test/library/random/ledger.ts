/** What the jobs of a random program did and how they ended, and the laws that this must obey. */
import { appendFileSync, readFileSync } from 'node:fs';
import {
  CancelledError,
  type Future,
  PoolClosedError,
  QueueFull,
  TimeoutError,
  WorkerError,
} from '../../../runtime/index.ts';
import type { Doing } from './program.ts';

type Outcome = 'result' | 'error' | 'lost' | 'timeout' | 'cancelled' | 'full' | 'other';

interface Job {
  readonly id: number;
  readonly doing: Doing;
}

/** What was asked for at once, and ends once: a call, a chunk or a whole map. */
interface Request {
  readonly jobs: readonly Job[];
  outcome: Outcome | null;
  error: unknown;
}

/**
 * Runs in a worker, and writes down that it began, before anything else. It is sent as text.
 * @param log a file.
 */
export function doJob([log, id, doing]: readonly [log: string, id: number, doing: Doing]): unknown {
  const fs = process.getBuiltinModule('node:fs');
  fs.appendFileSync(log, `${id}\n`);
  switch (doing) {
    case 'number':
      return id;
    case 'later':
      return new Promise((resolve) => setTimeout(resolve, 1, id));
    case 'block':
      return { id, bytes: new Uint8Array(50_000) };
    case 'spin': {
      const endMs = performance.now() + 2;
      while (performance.now() < endMs);
      return id;
    }
    case 'error':
      throw new RangeError(`job ${id}`);
    case 'exit':
      process.exit(7);
    // falls through
    case 'kill':
      // A thread cannot be killed by itself; its process must live.
      if (process.getBuiltinModule('node:worker_threads').isMainThread) process.kill(process.pid, 'SIGKILL');
      process.exit(9);
    // falls through
    case 'endless':
      for (;;);
  }
}

const ENDS_WORKER: readonly Doing[] = ['exit', 'kill'];

export class Ledger {
  readonly #log: string;
  readonly #requests: Request[] = [];
  #lastId = 0;

  constructor(log: string) {
    this.#log = log;
    appendFileSync(log, '');
  }

  /** The argument of a new job. */
  newJob(doing: Doing): readonly [string, number, Doing] {
    return [this.#log, ++this.#lastId, doing];
  }

  /** @returns what is told how the request ended. */
  request(jobs: readonly (readonly [string, number, Doing])[]): (value: unknown, hasFailed: boolean) => void {
    const request: Request = {
      jobs: jobs.map(([, id, doing]) => ({ id, doing })),
      outcome: null,
      error: null,
    };
    this.#requests.push(request);
    return (value, hasFailed) => {
      if (hasFailed) request.error = value;
      request.outcome = hasFailed ? outcomeOf(value) : 'result';
      if (!hasFailed && !isResult(value, request.jobs)) request.outcome = 'other';
    };
  }

  /** As `request`, of a future. */
  watch<F extends Future>(future: F, jobs: readonly (readonly [string, number, Doing])[]): F {
    const ended = this.request(jobs);
    future.onDone((call) => {
      const { error } = call as unknown as { error: unknown };
      if (error === null) ended((call as unknown as { result: unknown }).result, false);
      else ended(error, true);
    });
    return future;
  }

  /** Adds how many requests ended in each way. */
  count(sums: Map<string, number>): void {
    for (const { outcome } of this.#requests) {
      const name = `jobs: ${outcome ?? 'no end'}`;
      sums.set(name, (sums.get(name) ?? 0) + 1);
    }
  }

  /** @returns what is wrong, in words. */
  complaints(): string[] {
    const wrong: string[] = [];
    const runs = new Map<number, number>();
    for (const line of readFileSync(this.#log, 'utf8').split('\n').filter(Boolean))
      runs.set(Number(line), (runs.get(Number(line)) ?? 0) + 1);
    for (const [id, count] of runs) if (count > 1) wrong.push(`job ${id} began ${count} times`);
    for (const request of this.#requests) {
      const reason = complaintOf(request, (job) => runs.has(job.id));
      if (reason === null) continue;
      const said = request.jobs.map(({ id, doing }) => `${doing} ${id}${runs.has(id) ? '' : ' (not begun)'}`);
      wrong.push(`[${said.join(', ')}] ended as ${request.outcome}: ${reason}; ${String(request.error)}`);
    }
    return wrong;
  }
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof WorkerError) return 'lost';
  if (error instanceof CancelledError) return 'cancelled';
  if (error instanceof TimeoutError) return 'timeout';
  if (error instanceof QueueFull) return 'full';
  if (error instanceof RangeError && /^job \d+$/.test(error.message)) return 'error';
  return error instanceof PoolClosedError ? 'cancelled' : 'other';
}

function isResult(value: unknown, jobs: readonly Job[]): boolean {
  const values = Array.isArray(value) || value instanceof Float64Array ? [...value] : [value];
  if (values.length !== jobs.length) return false;
  return values.every((each, at) => {
    const { id, doing } = jobs[at]!;
    if (doing !== 'block') return each === id;
    const block = each as { readonly id: number; readonly bytes: Uint8Array };
    return block.id === id && block.bytes.length === 50_000;
  });
}

/** The laws of one request. @returns which it breaks; null: none. */
function complaintOf({ jobs, outcome }: Request, began: (job: Job) => boolean): string | null {
  const has = (...doings: Doing[]): boolean => jobs.some(({ doing }) => doings.includes(doing));
  const begins = (doings: readonly Doing[]): boolean =>
    jobs.some((job) => doings.includes(job.doing) && began(job));
  switch (outcome) {
    case null:
      return 'it never ended';
    case 'result':
      if (has('error', ...ENDS_WORKER, 'endless')) return 'it cannot have a result';
      return jobs.every(began) ? null : 'it has a result and never began';
    case 'error':
      return begins(['error']) ? null : 'none of its jobs failed so';
    case 'lost':
      return begins(ENDS_WORKER) ? null : 'none of its jobs ended its worker';
    case 'timeout':
      return 'no job has a limit of time';
    case 'full':
      return jobs.some(began) ? 'it was refused and began' : null;
    case 'cancelled':
      return null;
    case 'other':
      return 'it ended as nothing that was planned';
  }
}
