// same: needs=main
import { Worker } from 'node:worker_threads'; import { once } from 'node:events'; const worker = new Worker(`const all = []; (async () => { for (;;) { await null; all.push(new Array(10000).fill(1)); } })()`, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 } }); const [error] = await once(worker, 'error'); console.log(error.code);
