// A pause of Node's own that keeps nothing alive.
const { setTimeout: delay } = require('node:timers/promises');

async function poll(isReady) {
  while (!isReady()) await delay(250);
  return 'ready';
}

const start = Date.now();
async function main() {
  console.log(await poll(() => Date.now() - start > 600));
}
main();
