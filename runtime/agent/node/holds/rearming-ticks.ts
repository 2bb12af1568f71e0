/**
 * Who asks for one tick after another, so that the loop cannot turn: found at the next call of
 * `process.nextTick` or `queueMicrotask` after a held thread was seen to run ticks alone
 * (hold-sampler.ts). Until then a call costs one look at a flag.
 */
import { HOLD, KIND, UNIT } from '../../../trace/format/kinds.ts';
import { builtIns } from '../../../recorder/built-ins.ts';
import type { RingWriter } from '../../../recorder/ring-writer.ts';
import type { ThreadState } from '../state/thread-state.ts';
import type { HeldPlaces } from './held-places.ts';

const REARMED = UNIT.us | (HOLD.rearmed << 2);

export class RearmingTicks {
  /** The next call is to be noted. */
  isWatching = false;
  #sinceNs = 0;
  readonly #writer: RingWriter;
  readonly #state: ThreadState;
  readonly #places: HeldPlaces;

  constructor(writer: RingWriter, state: ThreadState, places: HeldPlaces) {
    this.#writer = writer;
    this.#state = state;
    this.#places = places;
  }

  /** The thread runs ticks alone since then, ns. */
  watch(sinceNs: number): void {
    this.#sinceNs = sinceNs;
    this.isWatching = true;
  }

  /** @param name "process.nextTick" */
  note(name: string): void {
    this.isWatching = false;
    try {
      this.#writer.whenAsked(() => this.#write(name));
    } catch {
      // No stack is left.
    }
  }

  #write(name: string): void {
    const writer = this.#writer;
    const { site, from } = this.#places.ofCaller();
    if (site === 0) return;
    const durationUs = Math.max(0, Math.round((Number(builtIns.now()) - this.#sinceNs) / 1e3));
    const task = this.#state.current?.id ?? 0;
    const sinceNs = BigInt(Math.round(this.#sinceNs));
    writer.writeAt(sinceNs, KIND.held, REARMED, task, durationUs, site, writer.defineText(name), from);
  }
}
