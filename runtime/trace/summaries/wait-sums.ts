/**
 * How much was waited in all, how much of it is explained, and the longest wait at each
 * line: what a summary needs, in memory that grows with the program's lines and not with its run.
 */
import { RESOURCE_KINDS, type ResourceKind, REASON } from '../format/kinds.ts';
import { awaitStackOf } from '../model/await-stack.ts';
import type { Observer, Target } from '../fold/observer.ts';
import type { Trace } from '../model/trace.ts';
import type { Wait } from '../words/wait.ts';

/** Nothing is missing from a wait for the next turn of the loop: its reason is its cause. */
const VALUE = REASON.value;

/** What ends a wait from outside the program: it is the waker, there is no task to name. */
const OUTSIDE: readonly ResourceKind[] = ['timer', 'io', 'signal'];

export class WaitSums implements Observer {
  count = 0;
  totalNs = 0;
  /** Of waits whose waker was recorded: a task, a timer, I/O or a signal. */
  wokenNs = 0;
  /** Of waits for a task or resource that was recorded. */
  namedNs = 0;
  readonly #longest = new Map<number, Wait>();
  readonly #trace: Trace;

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  waited(
    row: number,
    task: number,
    startNs: number,
    endNs: number,
    reason: number,
    target: Target,
    site: number,
    waker: number,
  ): void {
    const ns = endNs - startNs;
    this.count++;
    this.totalNs += ns;
    const isKnown = waker >= 0 || reason === VALUE || this.#isOutside(target);
    if (isKnown || this.#trace.cancels.cancelThatEnded(this.#trace, { row, startNs, endNs, waker }))
      this.wokenNs += ns;
    if (target !== 0 || reason === VALUE) this.namedNs += ns;
    const longest = this.#longest.get(site);
    if (longest && longest.endNs! - longest.startNs >= ns) return;
    const callers = awaitStackOf(this.#trace, task);
    this.#longest.set(site, { row, startNs, endNs, reason, target, site, waker, awaitStack: callers });
  }

  #isOutside(target: Target): boolean {
    const resource = target < 0 ? this.#trace.resources[-target - 1] : undefined;
    return resource !== undefined && OUTSIDE.includes(RESOURCE_KINDS[resource.kind] ?? '');
  }

  /** The longest wait of each line, longest first. */
  longest(most: number): readonly Wait[] {
    return [...this.#longest.values()]
      .sort((a, b) => b.endNs! - b.startNs - (a.endNs! - a.startNs))
      .slice(0, most);
  }
}
