// A worker doubles numbers, and asks for its settings first.
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');

if (isMainThread) {
  const flags = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(__filename, { workerData: flags });
  worker.on('message', (message) => {
    if (message === 'settings?') worker.postMessage({ factor: 2 });
  });
  async function callSync(n) {
    worker.postMessage({ n });
    const waiting = Atomics.waitAsync(flags, 0, 0, 900);
    const how = await waiting.value;
    return how === 'timed-out' ? null : flags[1];
  }
  Promise.resolve(callSync(21)).then((result) => {
    console.log(result);
    worker.terminate();
  });
} else {
  let n = 0;
  parentPort.on('message', (message) => {
    if (message.n !== undefined) {
      n = message.n;
      parentPort.postMessage('settings?');
    } else {
      workerData[1] = n * message.factor;
      Atomics.store(workerData, 0, 1);
      Atomics.notify(workerData, 0);
    }
  });
}
