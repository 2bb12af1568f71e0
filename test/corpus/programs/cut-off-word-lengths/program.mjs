// A worker counts, and stops itself when asked.
import { Worker } from 'node:worker_threads';
import { once } from 'node:events';

const counter = new Worker(new URL('./counter.mjs', import.meta.url));
for (const word of ['a', 'bb', 'ccc', 'stop', 'dddd', 'eeeee']) counter.postMessage(word);
let answers = 0;
counter.on('message', () => answers++);
await once(counter, 'exit');
console.log('answers', answers);
