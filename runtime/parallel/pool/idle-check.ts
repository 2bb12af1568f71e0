/** Ends the workers of a pool that had no call for long, but for those that stay. */
import { builtIns } from '../../tasks/core/trace.ts';
import type { WorkerSlot } from './worker-slot.ts';

/** Of Node's timers. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

export interface IdleOptions {
  /** Workers that stay when there is no call for them. */
  readonly minSize: number;
  /** How long any other stays without a call, ms. */
  readonly idleTimeoutMs: number;
}

export class IdleCheck {
  readonly #slots: ReadonlySet<WorkerSlot>;
  readonly #options: IdleOptions;
  readonly #isOpen: () => boolean;
  #isScheduled = false;

  /** @param isOpen the pool takes calls; another ends its workers itself. */
  constructor(slots: ReadonlySet<WorkerSlot>, options: IdleOptions, isOpen: () => boolean) {
    this.#slots = slots;
    this.#options = options;
    this.#isOpen = isOpen;
  }

  /** A worker may have become idle. */
  schedule(): void {
    const { idleTimeoutMs, minSize } = this.#options;
    if (this.#isScheduled || idleTimeoutMs === Infinity || !this.#isOpen()) return;
    const nowMs = performance.now();
    let leftMs = Infinity;
    let excess = -minSize;
    for (const slot of this.#slots) if (!slot.isStopped) excess++;
    for (const slot of this.#slots) {
      if (!slot.isFree || excess <= 0) continue;
      const idleMs = nowMs - slot.freeSinceMs;
      if (idleMs < idleTimeoutMs) leftMs = Math.min(leftMs, idleTimeoutMs - idleMs);
      else {
        slot.retireIdle();
        excess--;
      }
    }
    if (excess <= 0 || leftMs === Infinity) return;
    this.#isScheduled = true;
    const check = (): void => {
      this.#isScheduled = false;
      this.schedule();
    };
    // An idle pool keeps nothing alive.
    builtIns.setTimeout(check, Math.min(Math.ceil(leftMs), MAX_TIMER_MS)).unref();
  }
}
