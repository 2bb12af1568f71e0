/**
 * How often and how long was waited at each line, the lines included at which the waiting function
 * was awaited in turn.
 */
import type { Observer } from '../fold/observer.ts';
import { awaitStackOf } from '../model/await-stack.ts';
import { keepWait } from '../model/keep-wait.ts';
import type { Trace } from '../model/trace.ts';
import type { EndedWait, Wait } from '../model/wait.ts';

export interface WaitsAtSite {
  count: number;
  totalNs: number;
  longest: Wait & { readonly endNs: number };
}

export class LineWaits implements Observer {
  readonly #trace: Trace;
  readonly #bySite = new Map<number, WaitsAtSite>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  /** Undefined: no wait that is over was there. */
  at(site: number): WaitsAtSite | undefined {
    return this.#bySite.get(site);
  }

  waitEnded(wait: EndedWait): void {
    this.#add(wait.site, wait);
    for (const caller of awaitStackOf(this.#trace, wait.task))
      if (caller !== wait.site) this.#add(caller, wait);
  }

  #add(site: number, wait: EndedWait): void {
    if (site < 0) return;
    const ns = wait.endNs - wait.startNs;
    const waits = this.#bySite.get(site);
    if (waits === undefined) {
      this.#bySite.set(site, { count: 1, totalNs: ns, longest: keepWait(this.#trace, wait) });
      return;
    }
    waits.count++;
    waits.totalNs += ns;
    if (ns > waits.longest.endNs - waits.longest.startNs) waits.longest = keepWait(this.#trace, wait);
  }
}
