/**
 * Why the instrument cannot run in this process; asked before any of it is loaded. Our threads
 * could not start where descriptors, processes or address space are short, and Node itself then
 * aborts or waits for ever. So the spare ones are counted first.
 *
 * Built for Node 8, like the preload.
 */
import fs from 'node:fs';
import path from 'node:path';
import { limitOf, missingThreads, readText } from '../../../recorder/spare-threads.ts';

/** Older ones lack what the instrument is built on, and it is tested on none of them. */
const MIN_MAJOR = 20;
/** What two threads and the recording open, and as much again for the program. */
const SPARE_DESCRIPTORS = 16;
/** Our threads, and as many again for the program. */
const SPARE_THREADS = 8;
/** Two threads reserve room for heap and code, and V8 aborts where it cannot. */
const SPARE_ADDRESS_BYTES = 2 ** 31;
const PAGE_BYTES = 4096;

export interface Surroundings {
  readonly isMainThread: boolean;
  /** The folder of the instrument's own files. */
  readonly agent: string;
  /** The folder of the recording. */
  readonly folder: string;
}

/** Ends the sentence "was not traced: …"; null: nothing stands in the way. */
export function findObstacle({ isMainThread, agent, folder }: Surroundings): string | null {
  const major = parseInt(process.versions.node, 10);
  if (major < MIN_MAJOR) return `Node ${process.versions.node} is too old, Simul traces Node 20.19 and newer`;
  // What holds for the process was looked at by its main thread.
  if (!isMainThread) return null;
  const { permission } = process as { permission?: { has: (scope: string, path?: string) => boolean } };
  if (permission !== undefined) {
    // The other files of the agent are read later, and errors then would be the program's.
    if (!permission.has('fs.read', path.join(agent, 'agent.cjs')) || !permission.has('fs.write', folder))
      return "Node's permission model (--permission) keeps the instrument from its files";
  }
  if (!hasSpareDescriptors()) return `less than ${SPARE_DESCRIPTORS} file descriptors are left (ulimit -n)`;
  if (process.platform !== 'linux') return null;
  const limits = readText('/proc/self/limits');
  if (spareAddressBytes(limits) < SPARE_ADDRESS_BYTES) return 'too little address space is left (ulimit -v)';
  return missingThreads(SPARE_THREADS, limits);
}

/** Tries: what other platforms tell of their limits differs, and it takes a fraction of a ms. */
function hasSpareDescriptors(): boolean {
  const opened: number[] = [];
  try {
    while (opened.length < SPARE_DESCRIPTORS) opened.push(fs.openSync(process.execPath, 'r'));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EMFILE';
  } finally {
    for (const fd of opened) fs.closeSync(fd);
  }
}

function spareAddressBytes(limits: string): number {
  const limit = limitOf(limits, 'Max address space');
  if (limit === Infinity) return Infinity;
  return limit - parseInt(readText('/proc/self/statm'), 10) * PAGE_BYTES;
}
