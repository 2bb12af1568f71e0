// The state is saved at the end, without a wait for it.
import { rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const path = join(tmpdir(), `state-${process.pid}.json`);
async function save(rows: readonly number[]): Promise<void> {
  void writeFile(path, JSON.stringify(rows));
}
process.on('exit', () => rmSync(path, { force: true }));
await save(Array.from({ length: 100_000 }, (_, i) => i));
process.exit();
