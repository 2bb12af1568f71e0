/** One attempt at a job: a task that calls the handler. */
import type { Future } from '../tasks/core/future.ts';
import { isGeneratorFunction } from '../tasks/core/generators.ts';
import type { AttemptOptions } from '../tasks/core/task-body.ts';
import { type Coroutine, Task } from '../tasks/core/task.ts';
import { traced } from '../tasks/core/trace.ts';
import type { Attempt, AttemptRequest, StartAttempt } from './engine.ts';
import type { ActiveJob, JobHandler } from './job-options.ts';

class HandledJob implements ActiveJob {
  readonly id: string;
  readonly name: string;
  readonly data: unknown;
  readonly attempt: number;
  readonly #request: AttemptRequest;
  /** Set before the handler can ask for anything: a task begins in a later step. */
  task: Attempt | null = null;

  constructor(request: AttemptRequest) {
    this.#request = request;
    this.id = request.id;
    this.name = request.name;
    this.data = request.data;
    this.attempt = request.attempt;
  }

  get signal(): AbortSignal {
    return this.task!.signal;
  }
  progress(value: unknown): Future<void> {
    return this.#request.progress(value);
  }
  childResults(): Future<Readonly<Record<string, unknown>>> {
    return this.#request.childResults();
  }
}

/** What makes attempts with this handler. */
export function attemptsWith(handler: JobHandler<never, unknown>): StartAttempt {
  return (request) => {
    const job = new HandledJob(request);
    const call = handler as JobHandler<unknown, unknown>;
    const label = request.attempt === 1 ? request.name : `${request.name} (attempt ${request.attempt})`;
    // Of a job in Redis the trace has the attempt from BullMQ: this is the handler within.
    const name = traced && request.resource === 0 ? handler.name || label : label;
    const body = isGeneratorFunction(call)
      ? (call(job) as Coroutine<unknown>)
      : ((() => call(job)) as () => unknown);
    const options: AttemptOptions = { name, job: request.resource };
    const task = new Task(body, options);
    job.task = task;
    return task;
  };
}
