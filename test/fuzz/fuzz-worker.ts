/** Reads the damaged traces of a range of seeds, one after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { installFakeCanvas } from './fake-canvas.ts';
import { damage } from './mutate.ts';
import { Random } from './random.ts';
import { complaintsAbout } from './read-all.ts';
import { seedRecordings } from './seeds.ts';

/** Words of the shared memory through which the watching thread sees how far this one has come. */
export const PROGRESS = { seed: 0, words: 1 } as const;

export interface FuzzInit {
  readonly from: number;
  readonly to: number;
  readonly progress: Int32Array;
}

export interface Complaint {
  readonly seed: number;
  readonly words: string;
}

const MAX_MS = 2000;
const MAX_BYTES = 300e6;
/** Every so often the panel is asked for everything, which takes most of the time. */
const THOROUGH_EVERY = 4;

if (parentPort !== null) {
  const { from, to, progress } = workerData as FuzzInit;
  const post = (message: object): void => parentPort!.postMessage(message);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  installFakeCanvas();
  const seeds = seedRecordings();
  let slowestMs = 0;
  let peakBytes = 0;
  for (let seed = from; seed <= to; seed++) {
    Atomics.store(progress, PROGRESS.seed, seed);
    const { file } = damage(new Random(seed), seeds);
    const before = process.cpuUsage();
    for (const words of complaintsAbout(file, seed % THOROUGH_EVERY === 0))
      post({ seed, words } satisfies Complaint);
    const { user } = process.cpuUsage(before);
    slowestMs = Math.max(slowestMs, user / 1000);
    if (user / 1000 > MAX_MS) post({ seed, words: `it took ${Math.round(user / 1000)} ms` });
    const bytes = usedBytes();
    if (bytes > MAX_BYTES) {
      post({ seed, words: `it took ${Math.round(bytes / 1e6)} MB` });
      collect();
    } else if (bytes > MAX_BYTES / 2) collect();
    peakBytes = Math.max(peakBytes, bytes);
  }
  post({ slowestMs, peakBytes });
}

/** What the reader holds, with what it has dropped and not collected: an upper bound. */
function usedBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
