// A worker loop that can be told to stop.
import { setImmediate as turn } from 'node:timers/promises';

let isStopping = false;
process.once('SIGTERM', () => (isStopping = true));

async function job(n) {
  await turn();
  return { n, text: 'x'.repeat(1000) };
}

let done = 0;
for (let n = 0; n < 1200 && !isStopping; n++) {
  await job(n);
  done++;
}
process.removeAllListeners('SIGTERM');
console.log(done);
