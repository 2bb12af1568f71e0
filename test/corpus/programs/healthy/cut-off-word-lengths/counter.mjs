import { parentPort } from 'node:worker_threads';
import { setTimeout as sleep } from 'node:timers/promises';

parentPort.on('message', async (word) => {
  if (word === 'stop') return parentPort.close();
  await sleep(30);
  parentPort.postMessage(word.length);
});
