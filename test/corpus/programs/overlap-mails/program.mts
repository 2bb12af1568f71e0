// Every 20 ms the waiting mails are sent.
import { setTimeout as delay } from 'node:timers/promises';

const mails = Array.from({ length: 5 }, (_, id) => ({ id, sent: false }));
let deliveries = 0;
async function sendMails(): Promise<void> {
  for (const mail of mails.filter(({ sent }) => !sent)) {
    await delay(15);
    deliveries++;
    mail.sent = true;
  }
}
const timer = setInterval(sendMails, 20);
await delay(260);
clearInterval(timer);
await delay(150);
console.log(deliveries >= mails.length);
