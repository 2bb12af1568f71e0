/**
 * At which await each frame was awaited: what a row did one after the other. The model keeps only
 * where a caller waits now.
 */
import type { Observer } from '../fold/observer.ts';
import type { Trace } from '../model/trace.ts';

export interface AwaitedFrame {
  readonly frame: number;
  /** The await; −1: not recorded. */
  readonly site: number;
}

export class AwaitLog implements Observer {
  readonly #trace: Trace;
  readonly #frames: AwaitedFrame[] = [];

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  taskAbsorbed(task: number): void {
    const { frameOf, waitSite } = this.#trace.tasks;
    const caller = frameOf[task]!;
    if (caller >= 0) this.#frames.push({ frame: task, site: waitSite[caller]! });
  }

  /** In the order in which they were awaited. */
  get frames(): readonly AwaitedFrame[] {
    return this.#frames;
  }
}
