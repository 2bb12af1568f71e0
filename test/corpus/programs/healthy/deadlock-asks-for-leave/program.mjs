// A worker has to be given leave for each job.
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';

if (isMainThread) {
  const flags = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: flags });
  worker.on('message', ({ leave }) => worker.postMessage({ granted: leave }));
  async function callSync(n) {
    worker.postMessage({ n });
    const waiting = Atomics.waitAsync(flags, 0, 0, 900);
    const how = await waiting.value;
    return how === 'timed-out' ? null : flags[1];
  }
  console.log(await callSync(5));
  worker.terminate();
} else {
  const jobs = new Map();
  parentPort.on('message', ({ n, granted }) => {
    if (n !== undefined) {
      jobs.set(n, n * n);
      parentPort.postMessage({ leave: n });
      return;
    }
    workerData[1] = jobs.get(granted);
    Atomics.store(workerData, 0, 1);
    Atomics.notify(workerData, 0);
  });
}
