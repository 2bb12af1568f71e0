/** A thread answers messages; the main thread waits for each answer. */
import { once } from 'node:events';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { setTimeout as sleep } from 'node:timers/promises';

async function answer(question: number): Promise<void> {
  await sleep(2);
  parentPort!.postMessage(question * 2);
}

async function ask(worker: Worker, question: number): Promise<number> {
  worker.postMessage(question);
  const [reply] = (await once(worker, 'message')) as [number];
  return reply;
}

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  let sum = 0;
  for (let i = 0; i < 3; i++) sum += await ask(worker, i);
  console.log(sum);
  await worker.terminate();
} else {
  parentPort!.on('message', (question: number) => void answer(question));
}
