/** Times for which a process stood still, stopped from outside: no thread of it ran. */
import type { Interval } from './spans.ts';

/** Later ones are one with the last. */
const MAX_STOPS = 1000;

export class Stops {
  readonly #list: { readonly fromNs: number; toNs: number }[] = [];

  get all(): readonly Interval[] {
    return this.#list;
  }

  /** Each lane tells of the same stop. */
  begin(t: number): void {
    const last = this.#list.at(-1);
    if (last !== undefined && (t <= last.toNs || this.#list.length === MAX_STOPS)) return;
    this.#list.push({ fromNs: t, toNs: t });
  }

  end(t: number): void {
    const last = this.#list.at(-1);
    if (last !== undefined && t > last.toNs) last.toNs = t;
  }

  /** For how much of an interval the process stood still, ns. */
  within({ fromNs, toNs }: Interval): number {
    let ns = 0;
    for (const stop of this.#list)
      ns += Math.max(0, Math.min(toNs, stop.toNs) - Math.max(fromNs, stop.fromNs));
    return ns;
  }
}
