/**
 * The answers that other threads and processes gave, by the row that got them: a wait for a call in
 * a pool's worker, for a job or for a worker's message, goes on in that worker.
 */
import { originOf } from '../model/peers.ts';
import type { Trace } from '../model/trace.ts';

export interface LinkedAnswer {
  /** The row that gave the answer; −1: it is not known. */
  readonly row: number;
  /** The thread that gave it; −1: nothing of it was recorded. */
  readonly lane: number;
  /** When it gave it, ns from the trace's start. */
  readonly t: number;
  readonly receivedNs: number;
}

export class LinkedAnswers {
  /** By the row that received them, in the order of their coming. */
  readonly #byReceiver = new Map<number, LinkedAnswer[]>();

  /** As of now: an answer that comes later is not known. */
  constructor(trace: Trace) {
    for (const task of [...trace.links.chunks.keys(), ...trace.links.answeredJobs(trace.tasks.kind)]) {
      const answer = trace.links.answerOf(task);
      if (answer === null || answer.receiver < 0) continue;
      if (Number.isNaN(answer.sentNs) || Number.isNaN(answer.receivedNs)) continue;
      const receiver = trace.rowOf(answer.receiver);
      const row = trace.rowOf(task);
      const { sentNs: t, receivedNs } = answer;
      this.#add(receiver, { row, lane: trace.tasks.lane[row]!, t, receivedNs });
    }
    for (const [task, wakes] of trace.links.heard.wakes) {
      const receiver = trace.rowOf(task);
      for (const { heard, t: receivedNs } of wakes) {
        const { task: sender, lane, t } = originOf(trace, heard);
        this.#add(receiver, { row: sender < 0 ? -1 : trace.rowOf(sender), lane, t, receivedNs });
      }
    }
    for (const answers of this.#byReceiver.values()) answers.sort((a, b) => a.receivedNs - b.receivedNs);
  }

  #add(receiver: number, answer: LinkedAnswer): void {
    const known = this.#byReceiver.get(receiver);
    if (known === undefined) this.#byReceiver.set(receiver, [answer]);
    else known.push(answer);
  }

  /** The last answer that the row got within (sinceNs, untilNs]. */
  newestFor(row: number, sinceNs: number, untilNs: number): LinkedAnswer | null {
    const answers = this.#byReceiver.get(row);
    if (answers === undefined) return null;
    let from = 0;
    let to = answers.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (answers[middle]!.receivedNs <= untilNs) from = middle + 1;
      else to = middle;
    }
    const newest = answers[from - 1];
    return newest !== undefined && newest.receivedNs > sinceNs ? newest : null;
  }
}
