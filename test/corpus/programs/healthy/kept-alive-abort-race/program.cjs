// The clock is stopped when the job is done.
const { setTimeout: delay } = require('node:timers/promises');

async function job() {
  await delay(30);
  return 'done';
}
async function late() {
  throw new Error('late');
}
async function run() {
  const stop = new AbortController();
  const clock = delay(1700, undefined, { signal: stop.signal }).then(late);
  clock.catch(() => {});
  try {
    return await Promise.race([job(), clock]);
  } finally {
    stop.abort();
  }
}
run().then(console.log);
