/** A job of the in-process engine, and the futures of its end. */
import { KIND, REASON } from '../trace/format/kinds.ts';
import { quoteName } from '../tasks/core/describe-value.ts';
import { DONE, FAILED } from '../tasks/core/future-state.ts';
import { Future } from '../tasks/core/future.ts';
import { recorder, traced } from '../tasks/core/trace.ts';
import { warnThrown } from '../tasks/core/unhandled.ts';
import type { Sleep } from '../tasks/time/sleep-heap.ts';
import type { AddedJob } from './added-job.ts';
import type { Attempt } from './engine.ts';
import type { CheckedJob } from './job-options.ts';

export type JobState = 'waiting' | 'delayed' | 'active' | 'waiting-children' | 'ended';

interface JobEnd {
  readonly state: number;
  readonly value: unknown;
  /** Traced: the task that settled it. */
  readonly settler: number;
}

export class MemoryJob implements AddedJob {
  readonly id: string;
  readonly name: string;
  readonly given: CheckedJob;
  /** Its queue's name. */
  readonly queue: string;
  /** In the trace; 0 untraced. */
  readonly resource: number;
  state: JobState = 'waiting';
  attempt = 0;
  /** Its place in the line, where it stood last. */
  serial = 0;
  /** The attempt at it that goes on; null: none does. */
  current: Attempt | null = null;
  /** While it is delayed. */
  sleep: Sleep<unknown> | null = null;
  /** The job that waits for it; null: none does. */
  parent: MemoryJob | null = null;
  /** Children that are not done. */
  missingChildren = 0;
  readonly childResults: Record<string, unknown> = {};
  /** Called when the children are done, or one has failed. */
  onChildren: (() => void) | null = null;
  /** Why it fails before it begins. */
  failedChild: Error | null = null;
  #end: JobEnd | null = null;
  /** A failure that no code asked for yet: told as that of any future is. */
  #unheard: Future | null = null;
  readonly #waiting = new Set<JobResult>();
  readonly #listeners: ((value: unknown) => void)[] = [];

  constructor(given: CheckedJob, id: string, queue: string, resource: number) {
    this.given = given;
    this.id = id;
    this.name = given.name;
    this.queue = queue;
    this.resource = resource;
  }

  get hasEnded(): boolean {
    return this.#end !== null;
  }

  result(): Future<never> {
    const result = new JobResult(this);
    this.#unheard?.markHandled();
    if (this.#end === null) this.#waiting.add(result);
    else result.settle(this.#end.state, this.#end.value, this.#end.settler);
    return result as unknown as Future<never>;
  }

  /** @internal Its waiter has gone. */
  forget(result: JobResult): void {
    this.#waiting.delete(result);
  }

  onProgress(listener: (value: unknown) => void): void {
    this.#listeners.push(listener);
  }

  tellProgress(value: unknown): void {
    for (const listener of this.#listeners)
      try {
        listener(value);
      } catch (error) {
        warnThrown(`the progress listener of ${this.describe()} threw`, error);
      }
  }

  /** @param isHeard somebody else is told of a failure: its parent. */
  end(state: number, value: unknown, settler: number, isHeard: boolean): void {
    if (this.#end !== null) return;
    this.#end = { state, value, settler };
    this.state = 'ended';
    this.current = null;
    if (traced) recorder.write(KIND.resourceEnd, 0, Math.max(0, settler), this.resource, 0, 0, 0);
    if (state === FAILED && this.#waiting.size === 0 && !isHeard) {
      this.#unheard = new Future();
      this.#unheard.settle(FAILED, value, settler);
    }
    for (const result of this.#waiting) result.settle(state, value, settler);
    this.#waiting.clear();
    this.#tellParent(state, value);
  }

  #tellParent(state: number, value: unknown): void {
    const { parent } = this;
    if (parent === null || parent.hasEnded) return;
    if (state === DONE) {
      parent.childResults[`${this.queue}:${this.id}`] = value;
      parent.missingChildren--;
    } else parent.failedChild ??= value as Error;
    if (parent.missingChildren === 0 || parent.failedChild !== null) parent.onChildren?.();
  }

  describe(): string {
    return `job ${quoteName(this.name)} (${this.id}) of job queue ${quoteName(this.queue)}`;
  }

  /** @internal What `console.log` shows of it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    const attempt = this.attempt === 0 ? '' : `, attempt ${this.attempt} of ${this.given.attempts}`;
    return `Job ${quoteName(this.name)} (${this.id}, ${this.state.replace('-', ' for ')}${attempt})`;
  }
}

/** One wait for the end of a job. Giving it up leaves the job as it is. */
class JobResult extends Future {
  readonly #job: MemoryJob;

  constructor(job: MemoryJob) {
    super();
    this.#job = job;
  }

  protected override onCancelled(): void {
    this.#job.forget(this);
  }
  override waitReason(): number {
    return REASON.job;
  }
  override waitTarget(): number {
    return traced ? this.#job.resource : 0;
  }
  override describe(): string {
    return `the result of ${this.#job.describe()}`;
  }
}
