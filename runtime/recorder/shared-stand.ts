/**
 * What the main thread tells the others of itself. That it stands in `Atomics.wait`: the helper
 * asks it then what it does, and a worker knows that its message will not be taken. And that it has
 * a session with V8's inspector: the helper then has none.
 */
import { builtIns } from './built-ins.ts';
import { CONTROL } from './shared-memory.ts';

const MAX_CLOSING_MS = 200;

export class SharedStand {
  /** Shared memory: a `SharedStand` of it on another thread is the same. */
  readonly words: Int32Array;

  constructor(words: Int32Array) {
    this.words = words;
  }

  /**
   * The program, or the library for it, is about to open a session with V8's inspector. Two
   * sessions at once, one of them answered as an interrupt, crashed Node 20 in 1 of some 100 runs
   * of examples/library/threads.ts, six at a time on two processors.
   */
  beginInspecting(): void {
    if (builtIns.load(this.words, CONTROL.inspectedByProgram) !== 0) return;
    builtIns.store(this.words, CONTROL.inspectedByProgram, 1);
    // The helper looks every 20 ms while something is held.
    builtIns.wait(this.words, CONTROL.inspecting, 1, MAX_CLOSING_MS);
  }

  begin(): void {
    builtIns.store(this.words, CONTROL.standing, 1);
  }

  end(): void {
    builtIns.store(this.words, CONTROL.standing, 0);
  }

  get isStanding(): boolean {
    return this.words[CONTROL.standing] !== 0;
  }
}
