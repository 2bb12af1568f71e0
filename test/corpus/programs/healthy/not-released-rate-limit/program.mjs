// Mails go out one by one; a busy server makes us pause.
import PQueue from 'p-queue';
import { setTimeout as delay } from 'node:timers/promises';

const queue = new PQueue({ concurrency: 1 });
let count = 0;

async function post(mail) {
  await delay(5);
  return ++count === 2 ? 429 : 200;
}

async function send(mail) {
  const status = await post(mail);
  if (status === 429) {
    queue.pause();
    setTimeout(() => queue.start(), 20);
  }
  console.log(mail, status);
}

for (const mail of ['a', 'b', 'c', 'd']) queue.add(() => send(mail));
await queue.onIdle();
console.log('all sent');
