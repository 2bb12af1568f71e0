// Counts in four threads, each with an equal range. A number takes longer the larger it is.
import { once } from 'node:events';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

const LAST = 400;

if (isMainThread) {
  const share = LAST / 4;
  const workers = [0, 1, 2, 3].map((quarter) => {
    const range = { from: quarter * share, to: (quarter + 1) * share };
    return new Worker(new URL(import.meta.url), { name: `range-${quarter}`, workerData: range });
  });
  const counts = await Promise.all(workers.map((worker) => once(worker, 'message')));
  console.log(counts.flat());
} else {
  let ms = 0;
  for (let n = workerData.from; n < workerData.to; n++) ms += (n / 110) ** 4 / 10;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  parentPort.postMessage(workerData.to - workerData.from);
}
