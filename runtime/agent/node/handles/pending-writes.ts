/**
 * Files that calls of `fs` and `fs/promises` were still writing when `process.exit` ended the
 * process, with the lines of the calls. It asks only what Node's own call tells: whether its
 * callback came, whether its promise was settled. Writes of packages are their own business.
 */
import { SafeMap } from '../../../recorder/built-ins.ts';
import type { PromiseInfo } from '../state/activation.ts';
import { promiseInfoOf } from '../state/promise-info.ts';
import type { Origins } from './origins.ts';

/** Functions of `fs` and `fs/promises`. */
export const FILE_WRITES = ['writeFile', 'appendFile', 'copyFile'] as const;
const MAX_WRITES = 1000;

export interface PendingWrite {
  readonly path: string;
  /** Id of the site of the call. */
  readonly site: number;
  /** Of its promise; null: it calls back. */
  readonly info: PromiseInfo | null;
}

export class PendingWrites {
  readonly #origins: Origins;
  #writes = new SafeMap<number, PendingWrite>();
  #next = 0;

  constructor(origins: Origins) {
    this.#origins = origins;
  }

  /** A call that calls back is about to begin. @returns what its callback calls first */
  begin(args: readonly unknown[], name: string): () => void {
    const id = this.#note(args, name, null);
    return () => void this.#writes.delete(id);
  }

  /** A call gave a promise. Never throws. */
  noteCall(args: readonly unknown[], name: string, result: unknown): void {
    const info = typeof result === 'object' && result !== null ? promiseInfoOf(result) : undefined;
    if (info !== undefined && info.settler === 0) this.#note(args, name, info);
  }

  /** By the name of a function of `fs/promises`: what is told of its calls. */
  readonly calls = Object.fromEntries(
    FILE_WRITES.map((name) => [
      name,
      (args: readonly unknown[], result: unknown) => this.noteCall(args, name, result),
    ]),
  );

  /** As of now. */
  list(): PendingWrite[] {
    this.#prune();
    return [...this.#writes.values()];
  }

  #note(args: readonly unknown[], name: string, info: PromiseInfo | null): number {
    if (this.#writes.size >= MAX_WRITES) this.#prune();
    const path = args[name === 'copyFile' ? 1 : 0];
    if (this.#writes.size >= MAX_WRITES || typeof path !== 'string') return -1;
    const { site, isDirect } = this.#origins.placeHere();
    if (site === 0 || !isDirect) return -1;
    this.#writes.set(++this.#next, { path, site, info });
    return this.#next;
  }

  #prune(): void {
    const left = new SafeMap<number, PendingWrite>();
    this.#writes.forEach((write, id) => {
      if (write.info === null || write.info.settler === 0) left.set(id, write);
    });
    this.#writes = left;
  }
}
