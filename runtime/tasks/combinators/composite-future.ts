/**
 * A future over several others: what `gather`, `race`, `wait` and task groups have in common. In the trace it is a group: who belongs to it, and
 * which of them decided that the wait for it ended.
 */
import { FLAG, GROUP_KINDS, KIND, GROUP_KIND, REASON, RESOURCE_KIND } from '../../trace/format/kinds.ts';
import { CancelledError } from '../core/errors.ts';
import { executing, Future } from '../core/future.ts';
import { Listener } from '../core/listener.ts';
import { recorder, takeSite, traced } from '../core/trace.ts';

export type GroupKind = Exclude<(typeof GROUP_KINDS)[number], ''>;

const WAITS_FOR_GROUP = REASON.group;

/** The group as the trace has it. */
export class GroupTrace {
  /** Its id; 0 untraced. */
  readonly id: number = traced ? recorder.nextId() : 0;
  readonly #kind: number;
  /** Where it was made. */
  readonly site: number = traced ? takeSite() : 0;
  /** Who made it. */
  readonly #maker: number = traced ? executing() : 0;
  #count = 0;

  /** @param name how sentences call it. */
  constructor(kind: GroupKind, name: string) {
    this.#kind = GROUP_KIND[kind];
    if (traced)
      recorder.write(
        KIND.resourceBegin,
        RESOURCE_KIND.group,
        this.#maker,
        this.id,
        this.site,
        recorder.text(name),
        0,
      );
  }

  /** One more belongs to it. @returns its index. */
  add(member: Future): number {
    const index = this.#count++;
    if (traced) this.#write(this.#kind, member, index);
    return index;
  }

  /** That one's end is what ends the wait. */
  decides(member: Future, index: number): void {
    if (traced) this.#write(this.#kind | FLAG.groupDecides, member, index);
  }

  #write(flags: number, member: Future, index: number): void {
    recorder.write(KIND.group, flags, this.#maker, this.id, member.waitTarget(), index, this.#count);
  }
}

export abstract class CompositeFuture<T> extends Future<T> {
  protected readonly group: GroupTrace;

  constructor(kind: GroupKind, name: string) {
    super();
    this.group = new GroupTrace(kind, name);
  }

  /** From here on `ended` is told when this one ends, in a step of its own. */
  protected listenTo(member: Future): Listener {
    const index = this.group.add(member);
    return new Listener(member, () => this.memberEnded(member, index));
  }

  protected abstract memberEnded(member: Future, index: number): void;

  override waitReason(): number {
    return WAITS_FOR_GROUP;
  }
  override waitTarget(): number {
    return this.group.id;
  }
}

/** Asks all of them to stop, the last one first, in one go. @returns false when every one had ended already. */
export function cancelAll(futures: readonly Future[], error: CancelledError): boolean {
  let isTaken = false;
  for (let at = futures.length - 1; at >= 0; at--) if (futures[at]!.cancel(error)) isTaken = true;
  return isTaken;
}

/** A cancellation that comes of this one's end, and says so in the trace. */
export function cancellationCausedBy(of: Future, why: string): CancelledError {
  const error = new CancelledError(why);
  // What has a resource is no task: a timer, a place in a queue.
  if (traced) error.by = of.waitResource() === 0 ? of.waitTarget() : 0;
  return error;
}

/** No task is the author of this cancellation, but a clock or a signal. */
export function externalCancellation(why: unknown): CancelledError {
  const error = new CancelledError(why);
  if (traced) error.by = -1;
  return error;
}

/** The reason as an error; one that is passed on stays the same object. */
export function toCancelledError(why: unknown): CancelledError {
  return why instanceof CancelledError ? why : new CancelledError(why);
}

/** Who settles a future that ends because of this one, for `settle`. */
export const settlerOf = (of: Future): number | undefined => (traced ? of.settler : undefined);
