/**
 * The answers of a worker that are not sent yet. One message carries many answers. It is sent at
 * most a millisecond after the first of them, or when the call that runs then has ended or begun
 * to wait. A result that waits in it is a copy: later calls may change the object that was given.
 */
import {
  type Answers,
  ANSWER_ENTRIES,
  CALL_OUTCOME,
  type CallOutcome,
  toBatch,
} from '../transport/messages.ts';
import { serializeError } from '../transport/serialized-error.ts';
import { NOT_COPIED, snapshot } from '../transport/snapshot.ts';
import { uncloneableResultError, parentChannel } from './parent-channel.ts';

const FLUSH_MS = 1;

export class ResultBuffer {
  #answers: unknown[] = [];
  #areNumbers = true;
  #transfer: ArrayBuffer[] = [];
  #sinceMs = 0;

  /** The first of many calls starts now. */
  start(): void {
    this.#sinceMs = performance.now();
  }

  /**
   * @param value the result, or its SerializedError.
   * @param isOwnBlock the result is memory of the library's own, which is transferred, not cloned.
   */
  add(serial: number, outcome: CallOutcome, value: unknown, isOwnBlock: boolean): void {
    if (isOwnBlock) this.#transfer.push((value as Float64Array).buffer as ArrayBuffer);
    else if (typeof value === 'object' && value !== null) {
      const copy = snapshot(value);
      this.#areNumbers = false;
      this.#answers.push(serial, outcome, copy === NOT_COPIED ? value : copy);
      if (copy === NOT_COPIED) this.flush();
      return;
    }
    if (typeof value !== 'number') this.#areNumbers = false;
    this.#answers.push(serial, outcome, value);
  }

  flushIfDue(): void {
    if (performance.now() - this.#sinceMs > FLUSH_MS) this.flush();
  }

  flush(): void {
    const answers = this.#answers;
    if (answers.length === 0) return;
    const nowMs = performance.now();
    const averageMs = (nowMs - this.#sinceMs) / (answers.length / ANSWER_ENTRIES);
    postAnswers([toBatch(answers, this.#areNumbers), averageMs], this.#transfer);
    this.#answers = [];
    this.#areNumbers = true;
    this.#transfer = [];
    this.#sinceMs = nowMs;
  }
}

function postAnswers([answers, averageMs]: Answers, transfer: readonly ArrayBuffer[]): void {
  try {
    parentChannel.post([answers, averageMs], transfer);
  } catch {
    // One of the results cannot be cloned. Each is sent by itself, so that only that one fails.
    for (let i = 0; i < answers.length; i += ANSWER_ENTRIES) {
      const answer = answers.slice(i, i + ANSWER_ENTRIES);
      try {
        parentChannel.post([answer, averageMs], []);
      } catch (error) {
        const failure = serializeError(uncloneableResultError(error));
        parentChannel.post([[answer[0], CALL_OUTCOME.failed, failure], averageMs], []);
      }
    }
  }
}
