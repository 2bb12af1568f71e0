const { parentPort, workerData } = require('node:worker_threads');
const fs = require('node:fs/promises');

let last = Promise.resolve();
parentPort.on('message', (line) => {
  last = last.then(() => (line === '' ? parentPort.postMessage('written') : fs.appendFile(workerData, line)));
});
