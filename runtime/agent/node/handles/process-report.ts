/**
 * `process.report.getReport` lists the threads that a thread has started: the helper thread is left
 * out. Node writes reports to files by itself, and there it stays.
 */
import type { Worker } from 'node:worker_threads';
import { replaceBuiltin } from '../builtins/replace-builtin.ts';

interface Report {
  workers?: { readonly header?: { readonly threadId?: number } }[];
}

const { apply } = Reflect;
const { isArray } = Array;

/** @returns what restores the built-in */
export function hideFromReports(helperThread: Worker): () => void {
  const { report } = process;
  // Read while it is there: Node forgets it when the thread has ended.
  const { threadId } = helperThread;
  if (typeof report?.getReport !== 'function') return () => {};
  return replaceBuiltin(report, 'getReport', (original) => {
    const { getReport } = {
      getReport(this: unknown, ...args: never[]): unknown {
        const made = apply(original, this, args) as Report;
        const { workers } = made;
        if (!isArray(workers)) return made;
        // No method of an array is called: the program may have replaced it.
        let kept = 0;
        for (let i = 0; i < workers.length; i++) {
          if (workers[i]?.header?.threadId !== threadId) workers[kept++] = workers[i]!;
        }
        workers.length = kept;
        return made;
      },
    };
    return getReport as typeof original;
  });
}
