import { createReadStream, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const file = join(tmpdir(), `lines-${process.pid}.txt`);
writeFileSync(file, Array.from({ length: 500 }, (_, i) => `line ${i}`).join('\n'));

async function save(line) {
  await sleep(1);
  return line;
}

const lines = createInterface({ input: createReadStream(file) });
let count = 0;
for await (const line of lines) {
  await save(line);
  count++;
}
console.log('saved', count);
