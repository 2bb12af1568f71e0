/** Two threads that write faster than the helper does: they empty the rings themselves. */
import { Worker, isMainThread } from 'node:worker_threads';

async function step() {
  await null;
}

if (isMainThread) {
  const workers = [1, 2].map(() => new Worker(new URL(import.meta.url)));
  await Promise.all(workers.map((worker) => new Promise((resolve) => worker.on('exit', resolve))));
} else {
  for (let n = 0; n < 20_000; n++) await step();
}
console.log('done');
