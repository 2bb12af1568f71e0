// A worker needs two values of the main thread, one after the other.
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');

if (isMainThread) {
  const flags = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(__filename, { workerData: flags });
  worker.on('message', (round) => worker.postMessage({ value: round * 10 }));
  function callSync(n) {
    worker.postMessage({ n });
    const how = Atomics.wait(flags, 0, 0, 900);
    return how === 'timed-out' ? null : flags[1];
  }
  console.log(callSync(1));
  worker.terminate();
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
