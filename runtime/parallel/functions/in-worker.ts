/**
 * Where the asking code runs: in a worker of the library, or in the user's own process or thread.
 * It starts nothing and imports nothing; it only answers.
 */
import { basename } from 'node:path';
import { isMainThread, workerData } from 'node:worker_threads';

/** The name of the worker's entry file, in `build/` and in `dist/` alike. */
export const WORKER_ENTRY = 'parallel-worker.js';

/** What a worker is doing while it imports the user's module, for messages; null otherwise. */
export const importing: { activity: string | null } = { activity: null };

/**
 * Whether this code runs in the program itself, not in a thread or process that a Pool, a Thread
 * or a Process started. A worker that looks for a function in the file that the program was
 * started with imports that file once more: guard its start with `if (isMain) { … }`.
 * After Python's `if __name__ == '__main__'`.
 *
 * @example
 * isMain; // → true
 */
export const isMain: boolean = isMainThread
  ? basename(process.argv[1] ?? '') !== WORKER_ENTRY
  : (workerData as { simul?: unknown } | null)?.simul !== 'parallel';

/**
 * @param starting what the caller is about to start, for the message: `a Pool`.
 * @throws Error while a worker imports the calling file: it would start workers without end.
 */
export function refuseWhileImporting(starting: string): void {
  if (importing.activity === null) return;
  throw new Error(
    `${starting} cannot start while ${importing.activity}: ` +
      'guard the start of that file with if (isMain) { … }',
  );
}
