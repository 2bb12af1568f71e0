// Send what is left before the process ends.
import { setTimeout as sleep } from 'node:timers/promises';

const metrics = ['cpu', 'memory'];
async function flush() {
  await sleep(20);
  const sent = metrics.splice(0).length;
  if (sent > 0) console.log('sent', sent);
}

process.on('beforeExit', async () => {
  if (metrics.length > 0) await flush();
});
console.log('working');
