// same: needs=main
import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
const worker = new Worker(`const { parentPort } = require('node:worker_threads'); parentPort.postMessage('up'); (async () => { for (;;) await null; })()`, { eval: true });
console.log((await once(worker, 'message'))[0]);
console.log('terminate', await worker.terminate());
