/**
 * `npm run fuzz -- COUNT [FIRST_SEED]`: so many damaged traces, each from its seed, read in every
 * way. A worker reads; this thread watches that no input takes longer than it may, and goes on with
 * the next seed when one hangs. Exits with 1 when anything was wrong, and names the seeds.
 */
import { Worker } from 'node:worker_threads';
import { PROGRESS, type FuzzInit, type Complaint } from './fuzz-worker.ts';

/** Nothing takes so long, on a busy machine either: it hangs. */
const MAX_HANG_MS = 10_000;
const MAX_SHOWN = 40;
/** So often it says how far it has come. */
const REPORT_EVERY_MS = 10_000;

const [count = 1000, first = 1] = process.argv.slice(2).map(Number);
const last = first + count - 1;
const badSeeds = new Set<number>();
let shown = 0;
let reportedMs = performance.now();
const startMs = performance.now();
let peakBytes = 0;
let slowestMs = 0;

for (let from = first; from <= last;) from = await readFrom(from);

console.log(
  `${count} damaged traces (seeds ${first} to ${last}) in ${secondsSince(startMs)} s: ` +
    `${badSeeds.size} with something wrong; the slowest took ${slowestMs.toFixed(0)} ms, ` +
    `the largest model ${(peakBytes / 1e6).toFixed(0)} MB`,
);
process.exitCode = badSeeds.size > 0 ? 1 : 0;

function secondsSince(ms: number): string {
  return ((performance.now() - ms) / 1000).toFixed(0);
}

function complain({ seed, words }: Complaint): void {
  badSeeds.add(seed);
  if (shown++ < MAX_SHOWN) console.log(`seed ${seed}: ${words}`);
}

/** Reads up to the last seed or to one that hangs. @returns the seed to go on with */
function readFrom(from: number): Promise<number> {
  const progress = new Int32Array(new SharedArrayBuffer(4 * PROGRESS.words));
  const workerData: FuzzInit = { from, to: last, progress };
  const worker = new Worker(new URL('./fuzz-worker.js', import.meta.url), { workerData });
  return new Promise((resolve, reject) => {
    let watched = -1;
    let sinceMs = performance.now();
    const watch = setInterval(() => {
      const seed = Atomics.load(progress, PROGRESS.seed);
      const nowMs = performance.now();
      if (nowMs - reportedMs > REPORT_EVERY_MS) {
        reportedMs = nowMs;
        console.log(`${seed - first} of ${count} after ${secondsSince(startMs)} s`);
      }
      if (seed !== watched) [watched, sinceMs] = [seed, nowMs];
      else if (nowMs - sinceMs > MAX_HANG_MS && seed >= from) {
        complain({ seed, words: `it is still read after ${MAX_HANG_MS} ms` });
        end(seed + 1);
      }
    }, 250);
    const end = (next: number): void => {
      clearInterval(watch);
      worker.once('exit', () => resolve(next));
      void worker.terminate();
    };
    worker.on('error', reject);
    worker.on(
      'message',
      (message: Complaint | { readonly slowestMs: number; readonly peakBytes: number }) => {
        if ('words' in message) {
          complain(message);
          return;
        }
        slowestMs = Math.max(slowestMs, message.slowestMs);
        peakBytes = Math.max(peakBytes, message.peakBytes);
        end(last + 1);
      },
    );
  });
}
