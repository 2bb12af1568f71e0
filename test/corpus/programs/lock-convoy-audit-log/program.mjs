// Each request is written to the audit log before it is answered, all through one chain of then.
import { setTimeout as delay } from 'node:timers/promises';

let last = Promise.resolve();
function inOrder(work) {
  const result = last.then(work);
  last = result.catch(() => {});
  return result;
}
async function writeLine(line) {
  await delay(12);
  return line.length;
}
async function request(n) {
  let written = 0;
  for (const step of ['asked', 'checked', 'answered'])
    written += await inOrder(() => writeLine(`${n} ${step}`));
  return written;
}
console.log((await Promise.all(Array.from({ length: 10 }, (_, n) => request(n)))).length);
