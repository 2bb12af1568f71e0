// Mails, by a queue.
import PQueue from 'p-queue';
import { setTimeout as sleep } from 'node:timers/promises';

const mails = new PQueue({ concurrency: 1 });

async function send(to) {
  await sleep(40);
  return to;
}

for (let n = 0; n < 30; n++) mails.add(() => send(n));
await mails.onIdle();
console.log('sent');
