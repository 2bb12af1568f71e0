// A job against the clock, in CommonJS.
const { setTimeout: delay } = require('node:timers/promises');

async function job() {
  await delay(30);
  return 'done';
}
async function late() {
  throw new Error('late');
}
async function run() {
  const clock = delay(1700).then(late);
  clock.catch(() => {});
  return await Promise.race([job(), clock]);
}
run().then(console.log);
