/**
 * What may run in between: code that V8 calls in the middle of other code (hold-watch.ts) stands
 * between any two lines of Node's own. Node keeps state in JavaScript there, and code that uses it
 * would change what the interrupted line is about to read (seen on Node 20, 22 or 26):
 *
 *   readFileSync in most encodings, other small buffers   the pool that buffers share
 *   statSync, readFileSync in most encodings              the array of the last `stat`
 *   process.hrtime.bigint                                 the array of `process.hrtime`
 *   new URL, fileURLToPath                                the array of a URL's parts
 *
 *   a regular expression, and what uses one              V8's list of what a global one found
 *
 * The last is not Node's but V8's, and it gives a wrong answer to a `replace` that is interrupted
 * (`RegExp.$1`, too, would be ours). So no regular expression stands in what runs in between.
 *
 * These do not: calls that only open, read and close a file; `performance.now`.
 */
import { Buffer } from 'node:buffer';
import { constants } from 'node:fs';
import { builtIns } from './built-ins.ts';

const { openSync, readSync, closeSync, performanceNow } = builtIns;
/** What is no file may have nothing to read, for ever. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
/** So often the two clocks are compared: the thread may lose the processor between them. */
const MAX_COMPARISONS = 100;
const CLOSE_NS = 2000;
const originNs = compareClocks();

/**
 * The clock of `process.hrtime.bigint`, ns, when `performance.now` was 0: some 100 ns too early, so
 * that no record has a time that is still to come.
 */
function compareClocks(): number {
  let closestNs = Number.POSITIVE_INFINITY;
  let originNs = 0;
  for (let i = 0; i < MAX_COMPARISONS && closestNs > CLOSE_NS; i++) {
    const beforeNs = Number(builtIns.now());
    const performanceMs = performanceNow();
    const spentNs = Number(builtIns.now()) - beforeNs;
    if (spentNs >= closestNs) continue;
    closestNs = spentNs;
    originNs = beforeNs - performanceMs * 1e6;
  }
  return originNs;
}

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
