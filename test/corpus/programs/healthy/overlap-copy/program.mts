// Rows are copied from one table to the other.
import { setTimeout as delay } from 'node:timers/promises';

const source = Array.from({ length: 20 }, (_, id) => id);
const target: number[] = [];
let isBusy = false;

const timer = setInterval(async () => {
  if (isBusy) return;
  isBusy = true;
  const batch = source.slice(target.length, target.length + 4);
  await delay(45);
  target.push(...batch);
  isBusy = false;
}, 15);
await delay(250);
clearInterval(timer);
await delay(80);
console.log(target.length >= 4, isBusy);
