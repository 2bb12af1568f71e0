// same: needs=main
import { Worker } from 'node:worker_threads';
const worker = new Worker(`(async () => { await null; console.log('in the thread'); process.exit(7); })()`, { eval: true });
worker.on('exit', (code) => console.log('thread ended', code));
