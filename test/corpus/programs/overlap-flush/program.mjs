// A report of counters, flushed to a file that is slow.
import { setTimeout as delay } from 'node:timers/promises';

const counters = { requests: 0 };
const flushed = [];
async function writeSlowly(text) {
  await delay(65);
  flushed.push(text);
}
async function flush() {
  const text = JSON.stringify(counters);
  await writeSlowly(text);
  counters.requests -= JSON.parse(text).requests;
}
function start() {
  return setInterval(flush, 20);
}
const timer = start();
for (let i = 0; i < 12; i++) {
  counters.requests += 3;
  await delay(20);
}
clearInterval(timer);
await delay(100);
console.log(flushed.length > 0);
