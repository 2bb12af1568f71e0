/**
 * The waiters for a resource, first come, first served. A waiter is the future of its own operation
 * and carries the links itself: waiting allocates nothing more, and leaving the queue costs the
 * same from anywhere.
 *
 * An item or a permit is handed to the first in the queue at once, by the task that has it: no
 * other task can come in between, and none is woken for nothing. A value that was handed over and
 * then not taken (its task was cancelled before it could run, or another won the race) goes back
 * through `release`.
 */
import { FAILED } from '../tasks/core/future-state.ts';
import { type KeptLine, keepLine } from '../tasks/core/kept-line.ts';
import { scheduler, type WaitSubject } from '../tasks/core/runner.ts';
import { bridge, traced } from '../tasks/core/trace.ts';
import { WaitFuture } from '../tasks/core/wait-future.ts';

/** An operation that may have to wait in a queue. */
export class WaitQueueEntry<T> extends WaitFuture<T> {
  waitQueue: WaitQueue<WaitQueueEntry<unknown>> | null = null;
  previousEntry: WaitQueueEntry<unknown> | null = null;
  nextEntry: WaitQueueEntry<unknown> | null = null;
  /**
   * Traced: the id of the task that asked, or that of the user's activation. Untraced the field
   * does not exist, which saves its bytes.
   */
  declare asker: number;

  /** A private field: as a public one it made each wait twice as slow (Node 20 and 24). */
  #line: KeptLine | null = null;

  constructor(subject: WaitSubject) {
    super(subject);
    if (traced) this.asker = askingTask();
  }

  /** @internal Where it was asked for; null: not kept. */
  get line(): KeptLine | null {
    return this.#line;
  }
  set line(line: KeptLine | null) {
    this.#line = line;
  }

  /** Called where it was asked for: keeps the line. @param line it is known, or not to be had */
  keepLine(line?: KeptLine | null): void {
    this.#line ??= line === undefined ? keepLine(this.keepLine) : line;
  }

  /** @internal */
  refuse(error: Error): boolean {
    this.onCancelled();
    return this.settle(FAILED, error);
  }

  protected override onCancelled(): void {
    this.waitQueue?.remove(this as WaitQueueEntry<unknown>);
  }
}

/**
 * For the trace: the id of the task that asks. It is not that of the function which the task runs:
 * a function may end before what it took is given back.
 */
export function askingTask(): number {
  return scheduler.currentRunner()?.id ?? bridge.currentId();
}

export class WaitQueue<Member extends WaitQueueEntry<unknown>> {
  #first: WaitQueueEntry<unknown> | null = null;
  #last: WaitQueueEntry<unknown> | null = null;
  size = 0;

  get first(): Member | null {
    return this.#first as Member | null;
  }

  /** Puts the member at the end. */
  add(member: Member): void {
    member.keepLine();
    member.waitQueue = this as unknown as WaitQueue<WaitQueueEntry<unknown>>;
    member.previousEntry = this.#last;
    if (this.#last === null) this.#first = member;
    else this.#last.nextEntry = member;
    this.#last = member;
    this.size++;
  }

  /** Takes out the first member; null when the queue is empty. */
  removeFirst(): Member | null {
    const first = this.#first;
    if (first !== null) this.remove(first as Member);
    return first as Member | null;
  }

  remove(member: Member): void {
    const { previousEntry: previous, nextEntry: next } = member;
    if (previous === null) this.#first = next;
    else previous.nextEntry = next;
    if (next === null) this.#last = previous;
    else next.previousEntry = previous;
    member.previousEntry = null;
    member.nextEntry = null;
    member.waitQueue = null;
    this.size--;
  }

  *[Symbol.iterator](): Generator<Member, void, undefined> {
    for (let at = this.#first; at !== null; at = at.nextEntry) yield at as Member;
  }
}
