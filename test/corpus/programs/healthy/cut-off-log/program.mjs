// What failed goes into a log, and the process ends at once.
import { rmSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const path = join(tmpdir(), `failures-${process.pid}.log`);
process.on('exit', () => rmSync(path, { force: true }));
async function note(error) {
  await appendFile(path, `${error.message}\n`);
}
async function main() {
  throw new Error('no settings');
}
main().catch(async (error) => {
  await note(error);
  process.exit(3);
});
