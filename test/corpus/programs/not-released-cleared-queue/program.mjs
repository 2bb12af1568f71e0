// Stop asking once one mirror has failed.
import pLimit from 'p-limit';
import { setTimeout as sleep } from 'node:timers/promises';

const limit = pLimit(2);

async function ask(mirror) {
  await sleep(10);
  if (mirror === 2) {
    limit.clearQueue();
    return 'down';
  }
  return 'up';
}

const states = await Promise.all([0, 1, 2, 3, 4, 5, 6].map((mirror) => limit(() => ask(mirror))));
console.log(states);
