// Wait until the file has been written.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const file = path.join(os.tmpdir(), `flag-${process.pid}`);
const settings = JSON.stringify({ ready: false, notes: Array.from({ length: 200 }, (_, i) => `note ${i}`) });
let isWritten = false;
fs.writeFile(file, 'x', () => {
  isWritten = true;
});

async function until(test, limitMs) {
  const end = Date.now() + limitMs;
  while (!test()) {
    if (Date.now() > end) return false;
    await Promise.resolve();
  }
  return true;
}

console.log('written', await until(() => isWritten || JSON.parse(settings).ready, 600));
fs.rmSync(file, { force: true });
