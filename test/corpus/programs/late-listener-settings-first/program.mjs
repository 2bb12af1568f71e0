// Lines of an input are counted by settings that come from elsewhere.
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

async function readSettings() {
  await delay(30);
  return { skip: '#' };
}

const lines = createInterface({ input: Readable.from(['# a\n', 'b\n', 'c\n']) });
const { skip } = await readSettings();
let count = 0;
for await (const line of lines) if (!line.startsWith(skip)) count++;
console.log(count);
