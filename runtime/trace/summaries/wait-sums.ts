/**
 * How much was waited in all, how much of it is explained, and the longest wait at each line: what
 * a summary needs, in memory that grows with the program's lines and not with its run.
 */
import type { Observer } from '../fold/observer.ts';
import { REASON } from '../format/kinds.ts';
import { cancelThatEnded } from '../model/cut-short.ts';
import { isRest } from '../model/is-rest.ts';
import { keepWait } from '../model/keep-wait.ts';
import { WAKING_KINDS } from '../model/peers.ts';
import { resourceOfTarget, type Target } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { EndedWait, Wait } from '../model/wait.ts';

type KeptWait = Wait & { readonly endNs: number };

/** A wait for the next turn of the loop lacks nothing: its reason is its cause. */
export const isForTurn = ({ reason }: Wait): boolean => reason === REASON.value;

/** Whether it is known who or what ended the wait. */
export function isWoken(trace: Trace, wait: EndedWait): boolean {
  const isWaking = (target: Target): boolean => {
    const resource = trace.resources[resourceOfTarget(target)];
    return resource !== undefined && WAKING_KINDS.has(resource.kind);
  };
  return (
    wait.waker >= 0 ||
    isForTurn(wait) ||
    isWaking(wait.target) ||
    isWaking(wait.cause) ||
    cancelThatEnded(trace, wait) !== null
  );
}

export class WaitSums implements Observer {
  count = 0;
  totalNs = 0;
  /** Of waits whose waker was recorded: a task, a timer, I/O or a signal. */
  wokenNs = 0;
  /** Of waits for a task or resource that was recorded. */
  namedNs = 0;
  readonly #longest = new Map<number, KeptWait>();
  readonly #trace: Trace;

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  waitEnded(wait: EndedWait): void {
    if (isRest(wait)) return;
    const { startNs, endNs, target, site } = wait;
    const ns = endNs - startNs;
    this.count++;
    this.totalNs += ns;
    if (isWoken(this.#trace, wait)) this.wokenNs += ns;
    if (target !== 0 || isForTurn(wait)) this.namedNs += ns;
    const longest = this.#longest.get(site);
    if (longest && longest.endNs - longest.startNs >= ns) return;
    this.#longest.set(site, keepWait(this.#trace, wait));
  }

  /** The longest wait of each line, longest first. */
  longest(limit: number): readonly Wait[] {
    return [...this.#longest.values()]
      .sort((a, b) => b.endNs - b.startNs - (a.endNs - a.startNs))
      .slice(0, limit);
  }
}
