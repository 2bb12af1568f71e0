// Counts in four threads. A number takes longer the larger it is: each thread gets small ranges,
// the next one when it is done.
import { once } from 'node:events';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';

const LAST = 400;
const STEP = 20;

if (isMainThread) {
  let from = LAST;
  const counts = await Promise.all(
    [0, 1, 2, 3].map(async (index) => {
      const worker = new Worker(new URL(import.meta.url), { name: `range-${index}` });
      let count = 0;
      while (from > 0) {
        from -= STEP;
        worker.postMessage({ from, to: from + STEP });
        count += (await once(worker, 'message'))[0];
      }
      worker.postMessage(null);
      return count;
    }),
  );
  console.log(counts.reduce((a, b) => a + b));
} else {
  parentPort.on('message', (range) => {
    if (range === null) return parentPort.close();
    let ms = 0;
    for (let n = range.from; n < range.to; n++) ms += (n / 110) ** 4 / 10;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    parentPort.postMessage(range.to - range.from);
  });
}
