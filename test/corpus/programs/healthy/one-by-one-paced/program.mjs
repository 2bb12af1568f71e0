// A limit of the other side: one call, then a pause.
import { setTimeout as delay } from 'node:timers/promises';

async function send(text) {
  await delay(15);
  return text.length;
}
async function sendAll(texts) {
  let sent = 0;
  for (const text of texts) {
    sent += await send(text);
    await delay(20);
  }
  return sent;
}
console.log(await sendAll(['one', 'two', 'three', 'four']));
