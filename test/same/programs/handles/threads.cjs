// same: needs=main
const { Worker, threadId, isMainThread, parentPort, workerData } = require('node:worker_threads'); console.log(isMainThread, threadId); const a = new Worker('', { eval: true }), b = new Worker('', { eval: true }); console.log(b.threadId - a.threadId);
