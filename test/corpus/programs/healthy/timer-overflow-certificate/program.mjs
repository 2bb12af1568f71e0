// Renew the certificate every thirty days.
import { setTimeout as sleep } from 'node:timers/promises';

const DAY = 24 * 60 * 60 * 1000;
let renewals = 0;

async function renew() {
  await sleep(2);
  renewals++;
}

function schedule() {
  const due = 30 * DAY;
  setTimeout(async () => {
    await renew();
    if (renewals < 200) schedule();
    else console.log('renewed', renewals, 'times');
  }, Math.min(due, 2 ** 31 - 1)).unref();
}
schedule();
