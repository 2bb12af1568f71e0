/**
 * What may run in between: code that V8 calls in the middle of other code (hold-watch.ts) stands
 * between any two lines of Node's own. Node keeps state in JavaScript there, and code that uses it
 * would change what the interrupted line is about to read (each seen, on Node 20 and 26):
 *
 *   Buffer.from, Buffer.concat, readFileSync in most encodings    the pool that buffers share
 *   statSync, fstatSync, readFileSync in most encodings           the array of the last `stat`
 *   process.hrtime, process.hrtime.bigint                         the array of the last time
 *
 * These do not: calls that only open, read and close a file; `performance.now`.
 */
import { Buffer } from 'node:buffer';
import { constants } from 'node:fs';
import { builtIns } from './built-ins.ts';

const { openSync, readSync, closeSync, performanceNow } = builtIns;
/** What is no file may have nothing to read, for ever. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
/** The clock of `process.hrtime.bigint`, ns, when `performance.now` was 0. */
const originNs = Number(builtIns.now()) - performanceNow() * 1e6;

/** The recording's clock, ns. */
export const nowInBetween = (): number => originNs + performanceNow() * 1e6;

/**
 * The beginning of a file, into `bytes`.
 * @returns how many bytes there are
 * @throws what `fs` throws
 */
export function readInBetween(path: string, bytes: Uint8Array): number {
  const fd = openSync(path, READ);
  try {
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(fd, bytes, length, bytes.length - length, null);
      if (read === 0) break;
      length += read;
    }
    return length;
  } finally {
    closeSync(fd);
  }
}

/** Runs `work`, whose buffers get memory of their own: what is not known to need none, too. */
export function withoutPool(work: () => void): void {
  const { poolSize } = Buffer;
  Buffer.poolSize = 0;
  try {
    work();
  } finally {
    Buffer.poolSize = poolSize;
  }
}
