/**
 * What the library's threads and processes are started from. Beside the library lies their file,
 * `parallel-worker.js`. In a bundle it may be missing; then they are started from its text, which
 * the build puts into the library (esbuild.mjs, `withWorkerText`).
 *
 *   the package            the file
 *   webpack, parcel        the file that the bundler has made of it
 *   esbuild, rollup, vite  the text
 *
 * Only the file shares its scheduler with what the user's modules import from the library. From the
 * text, those have one of their own.
 */
import { type ChildProcess, type ForkOptions, fork, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
// Without `node:`: with it, webpack 5.113 writes a program that does not run.
// oxlint-disable-next-line no-restricted-imports
import { Worker, type WorkerOptions } from 'worker_threads';
import { WORKER_ENTRY } from '../functions/in-worker.ts';

/** The text of the file as one script of CommonJS; only the build defines it. */
declare const __simulWorkerText: string | undefined;
const workerText = typeof __simulWorkerText === 'undefined' ? null : __simulWorkerText;

/** A process gets the text by its first message: an argument has at most 128 KiB. */
const RUN_FIRST_MESSAGE =
  "process.once('message', (text) => { new (require('node:module'))('parallel-worker')._compile(text, process.cwd() + '/parallel-worker') })";

/** Null where there is none: in a bundle, `import.meta.url` is that of the bundle. */
const entryFile = findEntryFile(`../${WORKER_ENTRY}`, import.meta.url);

/** @throws Error where neither file nor text is there. */
export function createThread(options: WorkerOptions): Worker {
  // Bundlers know this form, and only when it is written like this.
  if (entryFile !== null) return new Worker(new URL('../parallel-worker.js', import.meta.url), options);
  return new Worker(requireText('thread'), { ...options, eval: true });
}

/** @throws Error where neither file nor text is there. */
export function createProcess(options: ForkOptions & { readonly execArgv: string[] }): ChildProcess {
  if (entryFile !== null) return fork(entryFile, [], options);
  const text = requireText('process');
  const { execArgv, serialization, env, stdio } = options;
  // The name stands where a started file would: so the process knows that it is no main program.
  const child = spawn(process.execPath, [...execArgv, '-e', RUN_FIRST_MESSAGE, WORKER_ENTRY], {
    stdio: stdio ?? ['inherit', 'inherit', 'inherit', 'ipc'],
    ...(serialization === undefined ? {} : { serialization }),
    ...(env === undefined ? {} : { env }),
  });
  child.send(text);
  return child;
}

function findEntryFile(entry: string, base: string): string | null {
  try {
    const path = fileURLToPath(new URL(entry, base));
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

function requireText(kind: string): string {
  if (workerText !== null) return workerText;
  throw new Error(
    `a ${kind} cannot start: ${WORKER_ENTRY} is not beside the library (${import.meta.url}); copy it there from ` +
      "the package's folder dist, or leave the package simul out of the bundle (external)",
  );
}
