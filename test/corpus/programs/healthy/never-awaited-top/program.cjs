// Two programs in one: both are begun at the top.
const { setTimeout: delay } = require('node:timers/promises');
async function beat(count) {
  for (let i = 0; i < count; i++) await delay(15);
}
async function main() {
  await delay(20);
  console.log('main');
}
main();
beat(5);
