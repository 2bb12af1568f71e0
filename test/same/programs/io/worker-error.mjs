// same: needs=main
import { Worker } from 'node:worker_threads'; import { once } from 'node:events';
const worker = new Worker(`(async () => { await null; throw new TypeError('in the thread'); })()`, { eval: true }); const [error] = await once(worker, 'error'); console.log(error.name, error.message, error.stack.split('\n').slice(0, 2)); 
const other = new Worker(new URL('data:text/javascript,await null; throw new Error("in data")')); console.log((await once(other, 'error'))[0].message);
const third = new Worker('syntax error here', { eval: true }); const [bad] = await once(third, 'error'); console.log(bad.name, bad.message);
