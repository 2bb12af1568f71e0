import { Worker } from 'node:worker_threads';
import { setTimeout as sleep } from 'node:timers/promises';

async function start(): Promise<string> {
  const worker = new Worker(`
    const { parentPort } = require('node:worker_threads');
    parentPort.postMessage('ready');
    setTimeout(() => {}, 1200);
  `, { eval: true });
  return new Promise((resolve) => {
    worker.on('message', resolve);
    worker.on('exit', () => resolve('never heard of it'));
  });
}
async function warmUp(): Promise<void> {
  await sleep(400);
}
const [said] = await Promise.all([start(), warmUp()]);
console.log(said);
