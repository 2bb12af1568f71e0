// Tries again with a pause that grows.
import { setTimeout as delay } from 'node:timers/promises';

let calls = 0;
async function ask(attempt) {
  await delay(20);
  if (++calls < 4) throw new Error('busy');
  return `answer ${attempt}`;
}
async function askPatiently() {
  let last;
  for (let attempt = 1; attempt <= 5; attempt++) {
    try {
      return await ask(attempt);
    } catch (error) {
      last = error;
      await delay(10 * attempt);
    }
  }
  throw last;
}
console.log(await askPatiently());
