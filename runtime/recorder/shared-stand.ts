/**
 * Whether the main thread stands in `Atomics.wait`, for its other threads: the helper asks it then
 * what it does, and a worker knows that its message will not be taken.
 */
import { builtIns } from './built-ins.ts';
import { CONTROL } from './shared-memory.ts';

export class SharedStand {
  readonly #words: Int32Array;

  constructor(words: Int32Array) {
    this.#words = words;
  }

  begin(): void {
    builtIns.store(this.#words, CONTROL.standing, 1);
  }

  end(): void {
    builtIns.store(this.#words, CONTROL.standing, 0);
  }

  get isStanding(): boolean {
    return this.#words[CONTROL.standing] !== 0;
  }
}
