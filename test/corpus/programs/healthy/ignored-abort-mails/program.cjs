// Mails go out one by one; the shutdown waits for them.
const { setTimeout: sleep } = require('node:timers/promises');

const sent = [];

async function send(mail) {
  await sleep(40);
  sent.push(mail);
}

async function sendAll(mails, abortSignal) {
  const begun = Date.now();
  for (const mail of mails) {
    if (isStopped(abortSignal)) break;
    await send(mail);
  }
  return { aborted: abortSignal.aborted, took: Date.now() - begun };
}

const isStopped = (signal) => signal.aborted;

async function main() {
  const shutdown = new AbortController();
  const mails = Array.from({ length: 14 }, (_, i) => `mail ${i}`);
  const sending = sendAll(mails, shutdown.signal);
  await sleep(100);
  shutdown.abort();
  const { aborted } = await sending;
  console.log(sent.length, 'sent, aborted:', aborted);
}
main();
