/**
 * Those who wait their turn, first come, first served. Whoever waits is the future of its own operation and carries the links itself, so that
 * standing in line allocates nothing and leaving it costs the same from anywhere.
 *
 * An item or a permit is handed to the first in line at once, by whoever has it: nobody can come in between, and nobody is
 * woken for nothing. What was handed over and then not taken (its task was cancelled before it could run) is told by `untaken`.
 */
import { CancelledError } from '../tasks/core/errors.ts';
import { CANCELLED, DONE, STATE } from '../tasks/core/future-state.ts';
import { Future } from '../tasks/core/future.ts';
import { scheduler, type Waiter } from '../tasks/core/runner.ts';
import { bridge, traced } from '../tasks/core/trace.ts';

/** An operation that may have to wait in a line. */
export abstract class WaitQueueEntry<T> extends Future<T> {
  waitQueue: WaitQueue<WaitQueueEntry<unknown>> | null = null;
  previousEntry: WaitQueueEntry<unknown> | null = null;
  nextEntry: WaitQueueEntry<unknown> | null = null;
  /** Traced: the id of the task that asked, or that of the user's activation. Untraced it is not there, which saves its bytes. */
  declare readonly asker: number;
  /** How many wait for it or took it. */
  #takers = 0;

  constructor() {
    super();
    if (traced) this.asker = askingTask();
  }

  protected override onCancelled(): void {
    this.waitQueue?.remove(this as WaitQueueEntry<unknown>);
  }

  override addWaiter(waiter: Waiter): void {
    this.#takers++;
    super.addWaiter(waiter);
  }

  override removeWaiter(waiter: Waiter): void {
    if (waiter.after !== null) this.#takers--;
    super.removeWaiter(waiter);
  }

  /** One who waited was cancelled after it was settled and before it could run. What nobody took goes back. */
  override onUntaken(error: CancelledError): void {
    if (--this.#takers > 0 || (this.flags & STATE) !== DONE) return;
    const { value } = this;
    this.flags = (this.flags & ~STATE) | CANCELLED;
    this.value = error;
    this.release(value as T);
  }

  /** Undoes what settled it: nobody will have this value. */
  protected release(_value: T): void {}
}

/** Who asks now, for the trace: the task, not the function that it runs, which may end before what it took is given back. */
export function askingTask(): number {
  return scheduler.currentRunner()?.id ?? bridge.currentId();
}

export class WaitQueue<Member extends WaitQueueEntry<unknown>> {
  #first: WaitQueueEntry<unknown> | null = null;
  #last: WaitQueueEntry<unknown> | null = null;
  /** How many stand in it. */
  size = 0;

  get first(): Member | null {
    return this.#first as Member | null;
  }

  /** To the end. */
  add(member: Member): void {
    member.waitQueue = this as unknown as WaitQueue<WaitQueueEntry<unknown>>;
    member.previousEntry = this.#last;
    if (this.#last === null) this.#first = member;
    else this.#last.nextEntry = member;
    this.#last = member;
    this.size++;
  }

  /** Takes out the first; null when nobody waits. */
  removeFirst(): Member | null {
    const first = this.#first;
    if (first !== null) this.remove(first as Member);
    return first as Member | null;
  }

  remove(member: Member): void {
    const { previousEntry: ahead, nextEntry: behind } = member;
    if (ahead === null) this.#first = behind;
    else ahead.nextEntry = behind;
    if (behind === null) this.#last = ahead;
    else behind.previousEntry = ahead;
    member.previousEntry = null;
    member.nextEntry = null;
    member.waitQueue = null;
    this.size--;
  }

  *[Symbol.iterator](): Generator<Member, void, undefined> {
    for (let at = this.#first; at !== null; at = at.nextEntry) yield at as Member;
  }
}
