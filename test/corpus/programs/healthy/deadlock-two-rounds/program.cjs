// A worker needs two values of the main thread, one after the other.
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');

if (isMainThread) {
  const flags = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(__filename, { workerData: flags });
  worker.on('message', (round) => worker.postMessage({ value: round * 10 }));
  async function callSync(n) {
    worker.postMessage({ n });
    const waiting = Atomics.waitAsync(flags, 0, 0, 900);
    const how = await waiting.value;
    return how === 'timed-out' ? null : flags[1];
  }
  Promise.resolve(callSync(1)).then((result) => {
    console.log(result);
    worker.terminate();
  });
} else {
  let sum = 0;
  let rounds = 0;
  parentPort.on('message', ({ n, value }) => {
    if (n !== undefined) return parentPort.postMessage(1);
    sum += value;
    if (++rounds < 2) return parentPort.postMessage(2);
    workerData[1] = sum;
    Atomics.store(workerData, 0, 1);
    Atomics.notify(workerData, 0);
  });
}
