// Lines go into a log one at a time, as they have to.
import PQueue from 'p-queue';
import { setTimeout as sleep } from 'node:timers/promises';

const serial = new PQueue({ concurrency: 1 });
const log = [];

async function append(line) {
  await sleep(20);
  log.push(line);
}

for (let n = 0; n < 15; n++) serial.add(() => append(`line ${n}`));
await serial.onIdle();
console.log(log.length);
