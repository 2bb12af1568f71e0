// The slower one of a race goes on, and nobody minds.
const { setTimeout: delay } = require('node:timers/promises');
async function ask(server, ms) {
  for (let i = 0; i < 3; i++) await delay(ms);
  return server;
}
async function main() {
  console.log(await Promise.race([ask('near', 5), ask('far', 30)]));
}
main();
