// Renew the certificate every thirty days.
import { setTimeout as sleep } from 'node:timers/promises';

const DAY = 24 * 60 * 60 * 1000;
let renewals = 0;

async function renew() {
  await sleep(2);
  renewals++;
}

function schedule() {
  setTimeout(async () => {
    await renew();
    if (renewals < 200) schedule();
    else console.log('renewed', renewals, 'times');
  }, 30 * DAY);
}
schedule();
