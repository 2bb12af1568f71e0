// Names of cities, looked up in a worker thread.
import { Worker } from 'node:worker_threads';

const worker = new Worker(new URL('./lookup.mjs', import.meta.url));
const asked = new Map<number, (name: string) => void>();
worker.on('message', ({ id, name }: { id: number; name: string }) => {
  asked.get(id)?.(name);
  asked.delete(id);
});

let last = 0;
function lookUp(zip: string): Promise<string> {
  return new Promise((resolve) => {
    asked.set(++last, resolve);
    worker.postMessage({ id: last, zip });
  });
}

for (const zip of ['10115', '20095', '80331']) console.log(zip, await lookUp(zip));
await worker.terminate();
