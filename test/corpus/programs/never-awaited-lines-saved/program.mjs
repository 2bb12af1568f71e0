import { createReadStream, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const file = join(tmpdir(), `lines-${process.pid}.txt`);
writeFileSync(file, Array.from({ length: 5000 }, (_, i) => `line ${i}`).join('\n'));

async function save(line) {
  await sleep(1);
  return line;
}

const lines = createInterface({ input: createReadStream(file) });
let count = 0;
lines.on('line', async (line) => {
  await save(line);
  count++;
});
await new Promise((done) => lines.on('close', done));
console.log('saved', count);
