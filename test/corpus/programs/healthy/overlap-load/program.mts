// A load generator: many at once are what it is for.
import { setTimeout as delay } from 'node:timers/promises';

const times: number[] = [];
async function request(): Promise<void> {
  const before = performance.now();
  await delay(50);
  times.push(performance.now() - before);
}
const timer = setInterval(() => void request(), 10);
await delay(250);
clearInterval(timer);
await delay(80);
console.log(times.length > 5);
