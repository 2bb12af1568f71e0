/** A job in Redis, as whoever added it has it. */
import type { Job, QueueEvents } from 'bullmq';
import { quoteName } from '../tasks/core/describe-value.ts';
import type { Future } from '../tasks/core/future.ts';
import { warnThrown } from '../tasks/core/unhandled.ts';
import type { AddedJob } from './added-job.ts';
import { JobFailed, JobRemoved } from './errors.ts';

/** How a job learns of its end, by the engine's stream of events. */
export interface RedisResults {
  wait(id: string, run: (events: QueueEvents) => Promise<unknown>): Future;
  listen(id: string, listener: (value: unknown) => void): void;
}

export class RedisJob implements AddedJob {
  readonly id: string;
  readonly name: string;
  readonly #job: Job;
  readonly #results: RedisResults;

  constructor(job: Job, results: RedisResults) {
    this.#job = job;
    this.#results = results;
    this.id = job.id!;
    this.name = job.name;
  }

  result(): Future<never> {
    return this.#results.wait(this.id, async (events) => {
      try {
        return (await this.#job.waitUntilFinished(events)) as unknown;
      } catch (error) {
        throw await this.#failure(error as Error);
      }
    }) as Future<never>;
  }

  onProgress(listener: (value: unknown) => void): void {
    this.#results.listen(this.id, (value) => {
      try {
        listener(value);
      } catch (error) {
        warnThrown(`the progress listener of job ${quoteName(this.name)} threw`, error);
      }
    });
  }

  /** The handler's error as Redis has it: its message, and the stack of the last attempt. */
  async #failure(error: Error): Promise<Error> {
    const job = await fetchJob(this.#job);
    if (job === undefined) return RedisJob.removed(this.id, this.#job.queueName);
    if (/^child \S+ failed$/.test(error.message))
      return new JobFailed(
        `job ${quoteName(this.name)} (${this.id}): a child of it failed: ${error.message}`,
      );
    const stack = job.stacktrace?.at(-1);
    const failure = stack === undefined ? new JobFailed(error.message) : new Error(error.message);
    if (stack === undefined) return failure;
    const [, name] = /^(\w+)(?=:|\n|$)/.exec(stack) ?? [];
    if (name !== undefined && name !== 'Error')
      Object.defineProperty(failure, 'name', { value: name, configurable: true, writable: true });
    Object.defineProperty(failure, 'stack', { value: stack, configurable: true, writable: true });
    return failure;
  }

  static removed(id: string, queue: string): JobRemoved {
    return new JobRemoved(
      `job ${id} of job queue ${quoteName(queue)} is no longer in Redis: it was removed, or it ended long ago`,
    );
  }

  /** @internal What `console.log` shows of it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Job ${quoteName(this.name)} (${this.id}, in Redis)`;
  }
}

/** As it is in Redis now; undefined: it is there no more. */
async function fetchJob(job: Job): Promise<Job | undefined> {
  const { queue } = job as unknown as { readonly queue: { getJob?(id: string): Promise<Job | undefined> } };
  if (queue.getJob !== undefined) return queue.getJob(job.id!);
  const Class = job.constructor as unknown as {
    fromId(queue: unknown, id: string): Promise<Job | undefined>;
  };
  return Class.fromId(queue, job.id!);
}
