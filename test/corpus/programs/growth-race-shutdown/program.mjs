// A worker loop that can be told to stop.
import { setImmediate as turn } from 'node:timers/promises';

let stop;
const shutdown = new Promise((resolve) => (stop = resolve));
process.once('SIGTERM', () => stop('shutdown'));

async function job(n) {
  await turn();
  return { n, text: 'x'.repeat(1000) };
}

let done = 0;
for (let n = 0; n < 1200; n++) {
  const result = await Promise.race([job(n), shutdown]);
  if (result === 'shutdown') break;
  done++;
}
process.removeAllListeners('SIGTERM');
console.log(done);
