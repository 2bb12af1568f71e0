/** What code can ask to know where it runs: in a worker of ours, or in the user's own process or thread. */
import { basename } from 'node:path';
import { isMainThread, workerData } from 'node:worker_threads';

/** The name of the worker's entry, in `build/` and in `dist/` alike. */
export const WORKER_ENTRY = 'parallel-worker.js';

/** While a worker imports the user's module: what for. */
export const importing: { what: string | null } = { what: null };

/**
 * Whether this code runs in the program itself, not in a thread or process that a Pool, a Thread or a Process started. A worker that looks
 * for a function in the file that the program was started with imports that file once more: guard its start with `if (isMain) { … }`.
 * After Python's `if __name__ == '__main__'`.
 *
 * @example
 * isMain; // → true
 */
export const isMain: boolean = isMainThread
  ? basename(process.argv[1] ?? '') !== WORKER_ENTRY
  : (workerData as { simul?: unknown } | null)?.simul !== 'parallel';

/** @throws Error when a worker is just importing the file that asks: it would start workers without end. */
export function refuseWhileImporting(what: string): void {
  if (importing.what === null) return;
  throw new Error(
    `${what} cannot start while ${importing.what}: guard the start of that file with if (isMain) { … }`,
  );
}
