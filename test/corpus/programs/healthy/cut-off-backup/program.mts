// A copy is begun before the program ends.
import fs from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const source = join(tmpdir(), `book-${process.pid}.txt`);
const copy = join(tmpdir(), `backup-${process.pid}.txt`);
process.on('exit', () => {
  rmSync(source, { force: true });
  rmSync(copy, { force: true });
});
async function backUp(): Promise<void> {
  await fs.copyFile(source, copy);
}
await fs.writeFile(source, 'a book\n'.repeat(50_000));
const done = backUp();
await done;
process.exit();
