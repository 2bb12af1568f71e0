/**
 * At which line a frame was called, by its caller. An async function is called once. A generator is
 * asked again and again, maybe at other lines; which line it is now, the caller's next suspension
 * tells.
 */
import type { Trace } from '../trace/model/trace.ts';

interface Call {
  /** The number of the step from which on the frame works for this call. */
  readonly since: number;
  /** −1: the caller has not come to await it. */
  site: number;
}

export class FrameCalls {
  readonly #trace: Trace;
  /** By frame: the site of its first call; −1: none is known. */
  #first = new Int32Array(1024).fill(-1);
  readonly #later = new Map<number, Call[]>();
  /** How many frames are known. */
  awaited = 0;

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  /** The caller awaits the frame at this site. @param step number of the next step */
  frameAwaited(frame: number, site: number, step: number): void {
    if (frame >= this.#first.length) this.#grow(frame);
    if (this.#first[frame]! < 0) {
      this.#first[frame] = site;
      this.awaited++;
      return;
    }
    const calls = this.#later.get(frame);
    const last = calls?.at(-1);
    if (last?.site === -1) last.site = site;
    else if ((last?.site ?? this.#first[frame]) !== site) this.#add(frame, { since: step, site });
  }

  /** The frame goes on while its caller runs: it was called anew. */
  frameResumed(frame: number, step: number): void {
    this.#add(frame, { since: step, site: -1 });
  }

  /** −1: not recorded. @param step the step at which the frame is looked at */
  siteOf(frame: number, step: number): number {
    const calls = this.#later.get(frame);
    const call = calls?.findLast(({ since }) => since <= step);
    if (call !== undefined) return call.site;
    return frame < this.#first.length ? this.#first[frame]! : -1;
  }

  #add(frame: number, call: Call): void {
    const calls = this.#later.get(frame);
    if (calls === undefined) this.#later.set(frame, [call]);
    else calls.push(call);
  }

  #grow(frame: number): void {
    const bigger = new Int32Array(Math.max(frame + 1, this.#trace.tasks.count) * 2).fill(-1);
    bigger.set(this.#first);
    this.#first = bigger;
  }
}
