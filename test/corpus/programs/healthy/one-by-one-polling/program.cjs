// Looks every 20 ms whether the work is done.
const { setTimeout: delay } = require('node:timers/promises');
const startedAt = Date.now();
async function status() {
  await delay(5);
  return { done: Date.now() - startedAt > 150 };
}
async function untilDone() {
  for (let polls = 1; ; polls++) {
    const { done } = await status();
    if (done) return polls;
    await delay(20);
  }
}
untilDone().then((polls) => console.log(polls > 1));
