import { Mutex, withTimeout } from 'async-mutex';
import { setTimeout as sleep } from 'node:timers/promises';

const mutex = withTimeout(new Mutex(), 50);

async function writeReport(name) {
  await sleep(120);
  return name;
}

async function update(name) {
  try {
    return await mutex.runExclusive(() => writeReport(name));
  } catch (error) {
    return `${name}: ${error.message}`;
  }
}

console.log(await Promise.all(['a', 'b', 'c', 'd'].map(update)));
