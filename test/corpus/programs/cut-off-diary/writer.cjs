const { parentPort, workerData } = require('node:worker_threads');
const fs = require('node:fs/promises');

let last = Promise.resolve();
parentPort.on('message', (line) => {
  last = last.then(() => fs.appendFile(workerData, line));
});
