// A worker waits until the main thread has written its log line.
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';

if (isMainThread) {
  const flags = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: flags });
  const log = [];
  worker.on('message', (line) => {
    log.push(line);
    worker.postMessage('written');
  });
  function callSync(n) {
    worker.postMessage({ n });
    const how = Atomics.wait(flags, 0, 0, 900);
    return how === 'timed-out' ? null : flags[1];
  }
  console.log(callSync(7));
  worker.terminate();
} else {
  let result = 0;
  parentPort.on('message', (message) => {
    if (message !== 'written') {
      result = message.n + 1;
      parentPort.postMessage(`begins ${message.n}`);
      return;
    }
    workerData[1] = result;
    Atomics.store(workerData, 0, 1);
    Atomics.notify(workerData, 0);
  });
}
