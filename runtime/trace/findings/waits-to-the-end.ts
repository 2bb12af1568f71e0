/**
 * The waits that go on in each process; of one that Ctrl-C reached, those that went on then.
 * Records of other processes may be read later than the interrupt: a rule that looks at several
 * processes cannot be asked before it (before-interrupt.ts).
 */
import type { Observer } from '../fold/observer.ts';
import { openNs, openWaits } from '../model/open-waits.ts';
import type { Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';

export interface LongWait extends Wait {
  /** For how long it had gone on, ns. */
  readonly forNs: number;
}

export class WaitsToTheEnd implements Observer {
  readonly #trace: Trace;
  /** By process: as of its first interrupt. */
  readonly #atInterrupt = new Map<number, readonly LongWait[]>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  processInterrupted(process: number): void {
    if (this.#atInterrupt.has(process)) return;
    const own = this.#now().filter(({ row }) => this.#trace.tasks.process[row] === process);
    this.#atInterrupt.set(process, own);
  }

  /** @param minNs those that have gone on for so long */
  longerThan(minNs: number): LongWait[] {
    const { process } = this.#trace.tasks;
    const waits = this.#now().filter(({ row }) => !this.#atInterrupt.has(process[row]!));
    for (const before of this.#atInterrupt.values()) waits.push(...before);
    return waits.filter(({ forNs }) => forNs >= minNs);
  }

  #now(): LongWait[] {
    return openWaits(this.#trace).map((wait) => ({ ...wait, forNs: openNs(this.#trace, wait) }));
  }
}
