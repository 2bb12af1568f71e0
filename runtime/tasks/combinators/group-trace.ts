/**
 * A group of futures in the trace: which belong to it, and which of them decided that the wait for
 * the group ended. What `gather`, `race`, `wait`, `merge` and task groups have in common.
 */
import { FLAG, GROUP_KIND, type GROUP_KINDS, KIND, REASON, RESOURCE_KIND } from '../../trace/format/kinds.ts';
import type { Future } from '../core/future.ts';
import { Listener } from '../core/listener.ts';
import { executing, type WaitSubject } from '../core/runner.ts';
import { recorder, takeSite, traced } from '../core/trace.ts';

export type GroupKind = Exclude<(typeof GROUP_KINDS)[number], ''>;

export class GroupTrace implements WaitSubject {
  /** Its id; 0 untraced. */
  readonly id: number = traced ? recorder.nextId() : 0;
  /** Where it was made. */
  readonly site: number = traced ? takeSite() : 0;
  readonly #kind: number;
  readonly #name: string;
  readonly #maker: number = traced ? executing() : 0;
  #count = 0;

  /** @param name how sentences call it. */
  constructor(kind: GroupKind, name: string) {
    this.#kind = GROUP_KIND[kind];
    this.#name = name;
    if (traced)
      recorder.write(
        KIND.resourceBegin,
        RESOURCE_KIND.group,
        this.#maker,
        this.id,
        this.site,
        recorder.defineText(name),
        0,
      );
  }

  /** Records a new member. @returns its index. */
  add(member: Future): number {
    const index = this.#count++;
    if (traced) this.#write(this.#kind, member, index);
    return index;
  }

  /** Adds a member, and calls back when it ends, in a step of its own. */
  listenTo<F extends Future>(member: F, ended: (member: F, index: number) => void): Listener {
    const index = this.add(member);
    return new Listener(member, () => ended(member, index));
  }

  /** Records that this member's end is what ends the wait. */
  decides(member: Future, index: number): void {
    if (traced) this.#write(this.#kind | FLAG.groupDecides, member, index);
  }

  waitReason(): number {
    return REASON.group;
  }
  waitTarget(): number {
    return this.id;
  }
  waitResource(): number {
    return this.id;
  }
  describe(): string {
    return this.#name;
  }

  #write(flags: number, member: Future, index: number): void {
    recorder.write(KIND.group, flags, this.#maker, this.id, member.waitTarget(), index, this.#count);
  }
}
