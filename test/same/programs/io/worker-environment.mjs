// same: needs=main
import { Worker } from 'node:worker_threads'; import { once } from 'node:events'; const text = `require('node:worker_threads').parentPort.postMessage([Object.keys(process.env).filter((k) => !/^(npm_|_$)/.test(k)).sort().join(), process.execArgv.length, process.argv.length]);`;
for (const options of [{ env: { ONLY: '1' } }, { env: {}, execArgv: [] }, { argv: ['a'], stdout: true }]) { const worker = new Worker(text, { eval: true, ...options }); const ended = once(worker, 'exit'); console.log((await once(worker, 'message'))[0].slice(options.env ? 0 : 1)); await ended; }
