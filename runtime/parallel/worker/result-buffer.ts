/**
 * The answers of a worker that are not sent yet. One message carries many answers. It is sent at
 * most a millisecond after the first of them, or when the call that runs then has ended or begun
 * to wait. A result that waits in it is a copy: later calls may change the object that was given.
 */
import type { TransferListItem } from 'node:worker_threads';
import {
  type Answers,
  ANSWER_ENTRIES,
  CALL_OUTCOME,
  type CallOutcome,
  toBatch,
} from '../transport/messages.ts';
import type { JournalWriter } from '../transport/call-journal.ts';
import { takeMoved } from '../transport/move.ts';
import { serializeError } from '../transport/serialized-error.ts';
import { isJson, NOT_COPIED, snapshot } from '../transport/snapshot.ts';
import { uncloneableResultError, parentChannel } from './parent-channel.ts';

const FLUSH_MS = 1;

export class ResultBuffer {
  /** null for a thread. */
  readonly #journal: JournalWriter | null;
  #answers: unknown[] = [];
  #areNumbers = true;
  #transfer: TransferListItem[] = [];
  #sinceMs = 0;
  /** How long calls that waited took: several may have waited at once. */
  #waitedMs = 0;
  /** Of a process: an answer is not in the journal. */
  #isOnlyHere = false;
  /** Of a process: messages that are not in the hands of the system yet. */
  #unsent = 0;
  readonly #onAllSent: (() => void)[] = [];

  constructor(journal: JournalWriter | null) {
    this.#journal = journal;
  }

  /** The first of many calls starts now. */
  start(): void {
    this.#sinceMs = performance.now();
  }

  /**
   * @param value the result, or its SerializedError.
   * @param isOwnBlock the result is memory of the library's own, which is transferred, not cloned.
   * @param isList the result is a list of results.
   */
  add(serial: number, outcome: CallOutcome, value: unknown, isOwnBlock: boolean, isList = false): void {
    if (typeof value === 'number') {
      this.#push(serial, outcome, value, true);
      return;
    }
    this.#areNumbers = false;
    if (isOwnBlock) {
      this.#transfer.push((value as Float64Array).buffer as ArrayBuffer);
      this.#push(serial, outcome, value, false);
      return;
    }
    const moved = takeMoved(value, isList);
    if (moved !== null) this.#transfer.push(...(moved as readonly TransferListItem[]));
    const copy = moved === null ? snapshot(value) : NOT_COPIED;
    if (copy !== NOT_COPIED) return this.#push(serial, outcome, copy, isJson());
    this.#answers.push(serial, outcome, value);
    this.#isOnlyHere = true;
    this.flush();
  }

  #push(serial: number, outcome: CallOutcome, value: unknown, holdsInJson: boolean): void {
    this.#answers.push(serial, outcome, value);
    if (this.#journal === null) return;
    if (!this.#journal.keep(serial, outcome, value, holdsInJson)) this.#isOnlyHere = true;
  }

  flushIfDue(): void {
    if (performance.now() - this.#sinceMs > FLUSH_MS) this.flush();
  }

  flush(): void {
    const answers = this.#answers;
    if (answers.length === 0) return;
    const nowMs = performance.now();
    const tookMs = Math.max(this.#waitedMs, nowMs - this.#sinceMs);
    const averageMs = tookMs / (answers.length / ANSWER_ENTRIES);
    this.#postAll([toBatch(answers, this.#areNumbers), averageMs], this.#transfer);
    this.#answers = [];
    this.#areNumbers = true;
    this.#transfer = [];
    this.#sinceMs = nowMs;
    this.#waitedMs = 0;
  }

  /** A call of the next message took so long, most of which it may have waited. */
  addWaited(ms: number): void {
    this.#waitedMs += ms;
  }

  /**
   * A process that is killed loses the answers that are neither in its journal nor sent.
   * @returns what to wait for before another call begins; null: nothing.
   */
  makeSafe(): Promise<void> | null {
    if (this.#journal === null || !(this.#isOnlyHere || this.#journal.isFull)) return null;
    this.flush();
    this.#isOnlyHere = false;
    return this.#unsent === 0 ? null : new Promise((resolve) => this.#onAllSent.push(resolve));
  }

  #postAll([answers, averageMs]: Answers, transfer: readonly TransferListItem[]): void {
    try {
      this.#post([answers, averageMs], transfer);
    } catch {
      // One of the results cannot be cloned. Each is sent by itself, so that only that one fails.
      for (let i = 0; i < answers.length; i += ANSWER_ENTRIES) {
        const answer = answers.slice(i, i + ANSWER_ENTRIES);
        try {
          this.#post([answer, averageMs], []);
        } catch (error) {
          const failure = serializeError(uncloneableResultError(error));
          this.#post([[answer[0], CALL_OUTCOME.failed, failure], averageMs], []);
        }
      }
    }
  }

  /** @throws DataCloneError for what cannot be cloned. */
  #post(message: Answers, transfer: readonly TransferListItem[]): void {
    if (this.#journal === null) return parentChannel.post(message, transfer);
    parentChannel.post(message, transfer, this.#onSent);
    this.#unsent++;
  }

  readonly #onSent = (): void => {
    if (--this.#unsent > 0) return;
    if (this.#answers.length === 0) this.#journal!.allSent();
    for (const resolve of this.#onAllSent.splice(0)) resolve();
  };
}
