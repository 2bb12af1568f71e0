/**
 * What a worker has done and not told yet. It tells of many jobs at once, but no later than a millisecond
 * after the first, or when the job that is under way then has ended or begun to wait.
 */
import {
  type Answers,
  ANSWER_ENTRIES,
  CALL_OUTCOME,
  type CallOutcome,
  toBatch,
} from '../transport/messages.ts';
import { carryError } from '../transport/cloneable.ts';
import { uncloneableResultError, parentChannel } from './parent-channel.ts';

const FLUSH_MS = 1;

export class ResultBuffer {
  #done: unknown[] = [];
  #numbers = true;
  #transfer: ArrayBuffer[] = [];
  #sinceMs = 0;

  /** The first of many begins. */
  start(): void {
    this.#sinceMs = performance.now();
  }

  /** @param isBlock the result is memory of the library's own, which goes over as it is. */
  add(serial: number, how: CallOutcome, value: unknown, isBlock: boolean): void {
    if (isBlock) this.#transfer.push((value as Float64Array).buffer as ArrayBuffer);
    if (typeof value !== 'number') this.#numbers = false;
    this.#done.push(serial, how, value);
  }

  flushIfDue(): void {
    if (performance.now() - this.#sinceMs > FLUSH_MS) this.flush();
  }

  flush(): void {
    const done = this.#done;
    if (done.length === 0) return;
    const nowMs = performance.now();
    postAnswers(
      [toBatch(done, this.#numbers), (nowMs - this.#sinceMs) / (done.length / ANSWER_ENTRIES)],
      this.#transfer,
    );
    this.#done = [];
    this.#numbers = true;
    this.#transfer = [];
    this.#sinceMs = nowMs;
  }
}

function postAnswers([done, ms]: Answers, transfer: readonly ArrayBuffer[]): void {
  try {
    parentChannel.post([done, ms], transfer);
  } catch {
    // One of them cannot be cloned: each by itself, to name it.
    for (let i = 0; i < done.length; i += ANSWER_ENTRIES) {
      const one = done.slice(i, i + ANSWER_ENTRIES);
      try {
        parentChannel.post([one, ms], []);
      } catch (error) {
        parentChannel.post(
          [[one[0], CALL_OUTCOME.failed, carryError(uncloneableResultError(error))], ms],
          [],
        );
      }
    }
  }
}
