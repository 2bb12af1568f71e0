/**
 * Queues of jobs: when each attempt's job came into its line and left it, when jobs were held back,
 * and when their queues handed out none.
 */
import { KIND, USE } from '../format/kinds.ts';

/** Of all queues together; further ones are not known. */
const MAX_ENTRIES = 1_000_000;

/** A job stood in line until an attempt at it began. */
export interface JobLine {
  /** Index of the queue. */
  readonly queue: number;
  readonly enteredNs: number;
  /** Who put it there; −1: time did, or another process. */
  readonly by: number;
}

/** A queue handed out no job, or a job was held back. */
export interface JobHold {
  readonly reason: 'paused' | 'limited' | 'delayed';
  readonly sinceNs: number;
  /** Infinity: it goes on. */
  untilNs: number;
  /** Where that was asked for; −1: not known. */
  readonly site: number;
  /** Who asked for it; −1: nobody is known. */
  readonly by: number;
}

interface QueueLog {
  /** By serial. */
  readonly waiting: Map<number, JobLine>;
  /** The tasks of the attempts, in the order of their beginning. */
  readonly attempts: number[];
  readonly holds: JobHold[];
}

export class JobLog {
  #entries = 0;
  readonly #queues = new Map<number, QueueLog>();
  /** By the task of the attempt. */
  readonly #lines = new Map<number, JobLine>();
  /** By the job: it was held back from then on. */
  readonly #delays = new Map<number, JobHold[]>();

  /** A job comes into the line of its queue, or leaves it. @param kind `put` or `get`. */
  move(kind: number, queue: number, serial: number, t: number, task: number): void {
    if (this.#entries >= MAX_ENTRIES) return;
    const log = this.#queueOf(queue);
    if (kind === KIND.put) {
      this.#entries++;
      log.waiting.set(serial, { queue, enteredNs: t, by: task });
      return;
    }
    const line = log.waiting.get(serial);
    log.waiting.delete(serial);
    if (task < 0) return;
    log.attempts.push(task);
    if (line !== undefined) this.#lines.set(task, line);
  }

  /** @param useKind index in USES. @param resource a queue, or a job. */
  use(useKind: number, resource: number, t: number, by: number, site: number): void {
    if (this.#entries >= MAX_ENTRIES) return;
    if (useKind === USE.delays) {
      this.#entries++;
      const delays = this.#delays.get(resource) ?? [];
      this.#delays.set(resource, delays);
      delays.push({ reason: 'delayed', sinceNs: t, untilNs: Number.POSITIVE_INFINITY, site, by });
    } else if (useKind === USE.pauses || useKind === USE.limits) {
      this.#entries++;
      const reason = useKind === USE.pauses ? 'paused' : 'limited';
      this.#queueOf(resource).holds.push({ reason, sinceNs: t, untilNs: Number.POSITIVE_INFINITY, site, by });
    } else if (useKind === USE.resumes || useKind === USE.unlimits) {
      const reason = useKind === USE.resumes ? 'paused' : 'limited';
      for (const hold of this.#queueOf(resource).holds)
        if (hold.reason === reason && hold.untilNs === Number.POSITIVE_INFINITY) hold.untilNs = t;
    }
  }

  #queueOf(queue: number): QueueLog {
    let log = this.#queues.get(queue);
    if (log === undefined) this.#queues.set(queue, (log = { waiting: new Map(), attempts: [], holds: [] }));
    return log;
  }

  /** Where the job of an attempt had stood; null: no record tells. */
  lineOf(attempt: number): JobLine | null {
    return this.#lines.get(attempt) ?? null;
  }

  /** Since when the job was held back before a time; null: it was not. */
  delayBefore(job: number, t: number): JobHold | null {
    return this.#delays.get(job)?.findLast(({ sinceNs }) => sinceNs <= t) ?? null;
  }

  holdsOf(queue: number): readonly JobHold[] {
    return this.#queues.get(queue)?.holds ?? [];
  }

  /** The tasks of the attempts at the queue's jobs, in the order of their beginning. */
  attemptsOf(queue: number): readonly number[] {
    return this.#queues.get(queue)?.attempts ?? [];
  }
}
