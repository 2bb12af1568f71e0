/**
 * Who waits for the results of BullMQ's jobs, and has them: by the event that a job has ended, or
 * by the answer that it had ended before anybody listened.
 */
import { builtIns, SafeMap } from '../../../recorder/built-ins.ts';
import { objectAt, qualifiedNameOf, textAt } from './bullmq-values.ts';
import type { JobRecords, QueueRecord } from './job-records.ts';
import { attempted, onSettled } from './quiet-watch.ts';

/** Jobs for whose results somebody waits. Of more the results are not told. */
const MAX_AWAITED = 100_000;

/** A task waits for the result of a job. */
interface Awaited {
  readonly queue: QueueRecord;
  readonly id: string;
  readonly task: number;
}

export class AwaitedResults {
  readonly #records: JobRecords;
  /** By the job's id, behind its queue's name. */
  readonly #awaited = new SafeMap<string, Awaited>();

  constructor(records: JobRecords) {
    this.#records = records;
  }

  /** @param name of the queue, as the keys in Redis have it */
  wait(queue: QueueRecord, name: string, id: string, task: number): void {
    if (task === 0 || id === '' || this.#awaited.size >= MAX_AWAITED) return;
    this.#awaited.set(`${name}:${id}`, { queue, id, task });
  }

  /** `completed:7` and `failed:7`, for whoever waits for the job 7. */
  hear(events: object, [event]: readonly unknown[], call: () => unknown): unknown {
    if (this.#awaited.size > 0 && typeof event === 'string')
      attempted(() => {
        const [, id = ''] = builtIns.matches(/^(?:completed|failed):(.*)$/, event) ?? [];
        if (id !== '') this.#came(`${qualifiedNameOf(events)}:${id}`);
      });
    return call();
  }

  /** Whether the job had ended before anybody listened. */
  ask(backend: object, [id]: readonly unknown[], call: () => unknown): unknown {
    const asked = call();
    if (this.#awaited.size > 0 && typeof id === 'string')
      onSettled(asked, (answer) => {
        const status = builtIns.isArray(answer) ? (answer as unknown[])[0] : answer;
        // `bull:words:`
        const keys = objectAt(objectAt(backend, 'queue'), 'keys');
        if (typeof status === 'number' && status !== 0 && keys !== null)
          this.#came(`${textAt(keys, '')}${id}`);
      });
    return asked;
  }

  #came(key: string): void {
    const awaited = this.#awaited.get(key);
    if (awaited === undefined) return;
    this.#awaited.delete(key);
    this.#records.resultCame(awaited.queue, awaited.id, awaited.task);
  }
}
