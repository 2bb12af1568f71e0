/**
 * Those who wait their turn, first come, first served. Whoever waits is the future of its own operation and carries the links itself, so that
 * standing in line allocates nothing and leaving it costs the same from anywhere.
 *
 * An item or a permit is handed to the first in line at once, by whoever has it: nobody can come in between, and nobody is
 * woken for nothing. What was handed over and then not taken (its task was cancelled before it could run) is told by `untaken`.
 */
import { CancelledError } from '../tasks/errors.ts';
import { CANCELLED, DONE, Future, scheduler, STATE, type Waiter } from '../tasks/future.ts';
import { lane, traced } from '../tasks/trace.ts';

/** An operation that may have to wait in a line. */
export abstract class InLine<T> extends Future<T> {
  line: Line<InLine<unknown>> | null = null;
  ahead: InLine<unknown> | null = null;
  behind: InLine<unknown> | null = null;
  /** Traced: the id of the task that asked, or that of the user's activation. Untraced it is not there, which saves its bytes. */
  declare readonly asker: number;
  /** How many wait for it or took it. */
  #takers = 0;

  constructor() {
    super();
    if (traced) this.asker = asking();
  }

  protected override dropped(): void {
    this.line?.remove(this as InLine<unknown>);
  }

  override wait(waiter: Waiter): void {
    this.#takers++;
    super.wait(waiter);
  }

  override unwait(waiter: Waiter): void {
    if (waiter.after !== null) this.#takers--;
    super.unwait(waiter);
  }

  /** One who waited was cancelled after it was settled and before it could run. What nobody took goes back. */
  override untaken(error: CancelledError): void {
    if (--this.#takers > 0 || (this.flags & STATE) !== DONE) return;
    const { value } = this;
    this.flags = (this.flags & ~STATE) | CANCELLED;
    this.value = error;
    this.giveBack(value as T);
  }

  /** Undoes what settled it: nobody will have this value. */
  protected giveBack(_value: T): void {}
}

/** Who asks now, for the trace: the task, not the function that it runs, which may end before what it took is given back. */
export function asking(): number {
  return scheduler.known()?.id ?? lane.currentId();
}

export class Line<Member extends InLine<unknown>> {
  #first: InLine<unknown> | null = null;
  #last: InLine<unknown> | null = null;
  /** How many stand in it. */
  size = 0;

  get first(): Member | null {
    return this.#first as Member | null;
  }

  /** To the end. */
  join(member: Member): void {
    member.line = this as unknown as Line<InLine<unknown>>;
    member.ahead = this.#last;
    if (this.#last === null) this.#first = member;
    else this.#last.behind = member;
    this.#last = member;
    this.size++;
  }

  /** Takes out the first; null when nobody waits. */
  next(): Member | null {
    const first = this.#first;
    if (first !== null) this.remove(first as Member);
    return first as Member | null;
  }

  remove(member: Member): void {
    const { ahead, behind } = member;
    if (ahead === null) this.#first = behind;
    else ahead.behind = behind;
    if (behind === null) this.#last = ahead;
    else behind.ahead = ahead;
    member.ahead = null;
    member.behind = null;
    member.line = null;
    this.size--;
  }

  *[Symbol.iterator](): Generator<Member, void, undefined> {
    for (let at = this.#first; at !== null; at = at.behind) yield at as Member;
  }
}
